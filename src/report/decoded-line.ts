import { type Address, formatAddress } from '../model/address.js';
import type { DecodedFrame } from '../model/decoded-frame.js';
import { quoteJson } from './json-escape.js';

/** Columns of `decodedLine`, tab-separated as its values are. */
export const DECODED_COLUMNS =
  'frame epoch_ns src dst proto sport dport tcp_flags icmp_type icmp_code frag_off frame_len cap_len'.replaceAll(
    ' ',
    '\t',
  );

export type AddressText = (address: Address) => string;

/** Addresses that are remembered, for the library is slow and captures repeat themselves. */
const REMEMBERED = 65_536;

export function createAddressText(): AddressText {
  const known = { 4: new Map<bigint, string>(), 6: new Map<bigint, string>() };
  return (address) => {
    const texts = known[address.family];
    let text = texts.get(address.value);
    if (text !== undefined) return text;
    if (texts.size === REMEMBERED) texts.clear();
    text = formatAddress(address);
    texts.set(address.value, text);
    return text;
  };
}

/**
 * What was understood of a frame as one line of tab-separated values, without newline; empty: the frame has none, or it
 * could not be read. Times in nanoseconds since 1970, `frag_off` in bytes, `tcp_flags` the low 8 bits as 0x...
 */
export function decodedLine(frame: DecodedFrame, addressText: AddressText): string {
  const { source, destination, tcpFlags } = frame;
  return [
    frame.number,
    frame.timeNs ?? '',
    source === undefined ? '' : addressText(source),
    destination === undefined ? '' : addressText(destination),
    frame.protocol ?? '',
    frame.sourcePort ?? '',
    frame.destinationPort ?? '',
    tcpFlags === undefined ? '' : `0x${tcpFlags.toString(16).padStart(2, '0')}`,
    frame.icmpType ?? '',
    frame.icmpCode ?? '',
    frame.fragmentOffset ?? '',
    frame.wire,
    frame.captured,
  ].join('\t');
}

/**
 * The same as one line of JSON, without newline: `frame`, `timeNs` (decimal string or null), `linkType` (by name), `length`,
 * `captured`, then what was read, `peeled` when it stood in a tunnel, `unjudged` with the code of a frame that rules are not asked
 * about. What could not be read is left out.
 */
export function decodedJson(
  frame: DecodedFrame,
  addressText: AddressText,
  linkTypeName: (linkType: number) => string,
): string {
  const { number, timeNs, linkType, wire, captured, unjudged, peeled, source, destination } = frame;
  const { protocol, sourcePort, destinationPort, tcpFlags, icmpType, icmpCode } = frame;
  const { fragmentOffset = 0, moreFragments = false } = frame;
  const rest = {
    ...(source && { source: addressText(source) }),
    ...(destination && { destination: addressText(destination) }),
    protocol,
    sourcePort,
    destinationPort,
    tcpFlags,
    icmpType,
    icmpCode,
    ...((fragmentOffset > 0 || moreFragments) && { fragmentOffset, moreFragments }),
    ...(peeled && { peeled }),
    unjudged,
  };
  const facts = JSON.stringify(rest);
  const time = timeNs === undefined ? 'null' : `"${timeNs}"`;
  const head = `"frame":${number},"timeNs":${time},"linkType":${quoteJson(linkTypeName(linkType))},"length":${wire},"captured":${captured}`;
  return facts === '{}' ? `{${head}}` : `{${head},${facts.slice(1)}`;
}
