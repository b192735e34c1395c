import type { ConnectionTable, LiveConnection } from '../model/connections.js';
import type { Tally } from '../model/tally.js';
import { ICMP, ICMPV6, ICMP_QUERIES, TCP, UDP } from '../model/protocol.js';
import type { FlowEnds, Remembered } from '../model/remembered.js';
import { printable } from '../model/diagnostic.js';
import { type AddressText, createAddressText } from './decoded-line.js';
import { endsOf } from './opener.js';

/**
 * Live connections in the layout of `conntrack -L` with accounting (conntrack-tools 1.4.7 and its library's
 * `__snprintf_conntrack_default`, held against what that program prints), without newlines. Bytes are lengths on the wire,
 * Linux's are those of IP. `namesInterface`: each line ends in ` eni=...`, which Linux does not know.
 */
export function* conntrackLines(
  { interfaces }: ConnectionTable,
  { namesInterface }: { readonly namesInterface: boolean },
): Generator<string> {
  const addressText = createAddressText();
  for (const { eni, live } of interfaces) {
    const end = namesInterface ? ` eni=${printable(eni)}` : '';
    for (const connection of live) yield `${conntrackLine(connection, addressText)}${end}`;
  }
}

function conntrackLine(
  { remembered, expiresInNs }: LiveConnection,
  addressText: AddressText,
): string {
  const { flow, account, state } = remembered;
  const [opener, other] = endsOf(remembered);
  return [
    `${nameOf(flow).padEnd(8)} ${flow.protocol}`,
    // Whole seconds, cut: Linux divides.
    expiresInNs / 1_000_000_000n,
    ...(flow.protocol === TCP ? [state!] : []),
    tuple(flow, opener, other, 'request', addressText),
    counters(account.original),
    ...(account.reply.packets === 0 ? ['[UNREPLIED]'] : []),
    tuple(flow, other, opener, 'reply', addressText),
    counters(account.reply),
    ...(isAssured(remembered) ? ['[ASSURED]'] : []),
    'mark=0 use=1',
  ].join(' ');
}

/** Those that the library knows. ICMP of the other family is a protocol like any other (PR-3). */
const NAMES: Readonly<Record<number, string>> = {
  [ICMP]: 'icmp',
  [TCP]: 'tcp',
  [UDP]: 'udp',
  33: 'dccp',
  47: 'gre',
  [ICMPV6]: 'icmpv6',
  132: 'sctp',
  136: 'udplite',
};

const nameOf = ({ protocol }: FlowEnds): string => NAMES[protocol] ?? 'unknown';

type End = ReturnType<typeof endsOf>[number];

/** Of protocols that Linux would tell ports or keys of, AWS tracks the addresses alone (CT-17). */
function tuple(
  { query, local }: FlowEnds,
  from: End,
  to: End,
  side: 'request' | 'reply',
  addressText: AddressText,
): string {
  const addresses = `src=${addressText(from.address)} dst=${addressText(to.address)}`;
  if (from.port !== undefined) return `${addresses} sport=${from.port} dport=${to.port!}`;
  if (query === undefined) return addresses;
  const pair = ICMP_QUERIES.find(
    ({ family, request }) => family === local.family && request === query.request,
  )!;
  return `${addresses} type=${pair[side]} code=0 id=${query.id}`;
}

const counters = ({ packets, bytes }: Tally): string => `packets=${packets} bytes=${bytes}`;

/** Linux keeps these when its table is full: TCP that was established and answered, streams of UDP. */
const isAssured = ({ state, wasEstablished, account }: Remembered): boolean =>
  (wasEstablished && account.reply.packets > 0) || state === 'UDP_STREAM';
