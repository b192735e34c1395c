import {
  CONTENT_IP,
  NOT_FILTERED_NOT_APPLICABLE,
  NOT_JUDGED_CUT,
  NOT_JUDGED_ENCAPSULATION,
  NOT_JUDGED_MALFORMED,
} from '../../src/kernel/layout.js';
import { type Address, parseAddress } from '../../src/model/address.js';
import { ICMP, ICMPV6, TCP, UDP } from '../../src/model/protocol.js';
import type { DecodedIp, DecodedRow } from '../engine/rows.js';
import type { Truth } from './truth.js';

/** Stacks that sgsim reads: Ethernet with any VLAN tags directly over IP. */
const SUPPORTED = /^eth:ethertype(:(vlan|ieee8021ad):ethertype)*:(ip|ipv6)$/;
const ENCAPSULATED = /:(mpls|pppoes)\b/;

/** Where a row says something else than the truth: `field: ours, not theirs`. Fields that nobody could read are compared too. */
export function differences(row: DecodedRow, truth: Truth): string[] {
  const found: string[] = [];
  const compare = (field: string, ours: string | number | bigint, theirs: string): void => {
    if (String(ours) !== theirs) found.push(`${field}: ${String(ours)}, not ${theirs}`);
  };
  compare('time', row.timeNs, truth.epoch_ns);
  compare('length', row.length, truth.frame_len);
  const contents = expectedContents(truth);
  if (!contents.includes(row.content)) compare('content', row.content, contents.join(' or '));
  if (row.ip === undefined || found.length > 0) return found;

  const { ip } = row;
  compareAddress('source', ip.source, truth.src);
  compareAddress('destination', ip.destination, truth.dst);
  compare('protocol', ip.protocol, truth.proto);
  compare('fragment offset', ip.fragment?.offset ?? 0, truth.frag_off);
  compare('more fragments', ip.fragment?.more === true ? 1 : 0, truth.mf);
  for (const [field, ours] of Object.entries(transportFields(ip))) {
    compare(field, ours, truth[field as keyof Truth]);
  }
  return found;

  function compareAddress(field: string, ours: Address, theirs: string): void {
    const address = parsed(theirs);
    if (address?.family !== ours.family || address.value !== ours.value) {
      found.push(`${field}: ${ours.value.toString(16)}, not ${theirs}`);
    }
  }
}

/** Parsing is slow beside 130,000 frames, and captures repeat their addresses. */
const addresses = new Map<string, Address | undefined>();
function parsed(text: string): Address | undefined {
  if (!addresses.has(text)) addresses.set(text, parseAddress(text));
  return addresses.get(text);
}

/** Contents that a row may have: IP exactly when every field that verdicts need could be read. */
function expectedContents(truth: Truth): number[] {
  if (ENCAPSULATED.test(truth.stack)) return [NOT_JUDGED_ENCAPSULATION];
  if (!SUPPORTED.test(truth.stack)) return [NOT_FILTERED_NOT_APPLICABLE];
  if (!isUnread(truth)) return [CONTENT_IP];
  const whole = truth.cap_len === truth.frame_len;
  return whole ? [NOT_JUDGED_MALFORMED] : [NOT_JUDGED_CUT, NOT_JUDGED_MALFORMED];
}

/** `ip-bogus`: no addresses; `ext-cut`: no protocol; a header that ends early: blank fields and a note that says so. */
function isUnread({ note, proto, src, frag_off, sport, tcp_flags, icmp_type }: Truth): boolean {
  if (/ip-bogus|ext-cut/.test(note)) return true;
  if (!/malformed|short/.test(note) || frag_off !== '0') return false;
  const protocol = Number(proto);
  if (protocol === TCP) return tcp_flags === '';
  if (protocol === UDP) return sport === '';
  return protocol === (src.includes(':') ? ICMPV6 : ICMP) && icmp_type === '';
}

/** Ports, flags, type and code as the truth writes them; empty for what the packet has not. */
function transportFields({ source, protocol, transport }: DecodedIp): Partial<Truth> {
  const sport = String(transport?.sourcePort ?? '');
  const dport = String(transport?.destinationPort ?? '');
  const flags = transport?.tcpFlags.toString(16).padStart(2, '0');
  if (protocol === TCP) return { sport, dport, tcp_flags: flags === undefined ? '' : `0x${flags}` };
  if (protocol === UDP) return { sport, dport, tcp_flags: '' };
  if (protocol !== (source.family === 4 ? ICMP : ICMPV6)) return {};
  if (transport === undefined) return { icmp_type: '', icmp_code: '' };
  const { destinationPort } = transport;
  return { icmp_type: String(destinationPort >> 8), icmp_code: String(destinationPort & 255) };
}
