import type { IpPacket } from '../model/packet.js';
import type { RelatedPolicy } from '../model/tracking.js';
import { isIcmp } from './reference-connection.js';

/** The packet that an ICMP error quotes, as far as it was captured. */
export function quoteOf({ transport }: IpPacket): IpPacket | undefined {
  return transport?.kind === 'icmp' ? transport.quote : undefined;
}

/**
 * Why a packet cannot pass as an ICMP error about a connection, whatever is remembered (CT-16): it is none; it quotes
 * nothing; the options let no such errors pass; it goes to somebody who did not send what it quotes.
 */
export function relatedObstacle(
  packet: IpPacket,
  related: RelatedPolicy,
): 'no-error' | 'no-quote' | 'not-let-pass' | 'not-sender' | undefined {
  const { source, destination, transport, fragment } = packet;
  const { family } = source;
  if (!isIcmp(packet) || transport?.kind !== 'icmp' || fragment !== undefined) return 'no-error';
  const { type, code, quote } = transport;
  if (!ICMP_ERRORS[family].includes(type)) return 'no-error';
  if (quote === undefined) return 'no-quote';
  if (!passesAsRelated(related, family, type, code)) return 'not-let-pass';
  const isSender =
    quote.source.family === destination.family && quote.source.value === destination.value;
  return isSender ? undefined : 'not-sender';
}

/** Path MTU discovery is fragmentation needed (RFC 792) and packet too big (RFC 4443). */
function passesAsRelated(
  related: RelatedPolicy,
  family: 4 | 6,
  type: number,
  code: number,
): boolean {
  if (related === 'all') return true;
  if (related === 'none') return false;
  return family === 4 ? type === 3 && code === 4 : type === 2;
}

/** Types that quote the packet they are about (RFC 792, RFC 4443). */
const ICMP_ERRORS: Readonly<Record<4 | 6, readonly number[]>> = {
  4: [3, 11, 12],
  6: [1, 2, 3, 4],
};
