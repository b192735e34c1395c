import { isExpired } from './connection';
import { findConnection } from './connection-index';
import { FLAG_QUOTE, LAST_LIVE, RELATED_ALL, RELATED_PMTUD } from './layout';
import { setQuoteKey } from './flow-key';
import { related } from './policy';
import { traceRecord } from './trace';
import { Visit } from './visit';

/** CT-16: an ICMP error about a live connection, addressed to the sender of what it quotes. Refreshes nothing. */
export function isRelated(visit: Visit): bool {
  const row = visit.row;
  if (!(row.flags & FLAG_QUOTE)) return false;
  if (row.quoteSourceHi != row.destinationHi) return false;
  if (row.quoteSourceLo != row.destinationLo) return false;
  // The quoted packet went the other way: out of the interface when the error comes in.
  const quotedDirection = visit.direction ^ 1;
  setQuoteKey(visit, row, visit.number, quotedDirection);
  const c = findConnection(visit);
  traceRecord(c, row.clockNs);
  if (!passes(visit.v6, row.destinationPort)) return false;
  if (changetype<usize>(c) == 0 || c.state > LAST_LIVE) return false;
  if (isExpired(c, row.clockNs)) return false;
  visit.rule = c.rule;
  return true;
}

/** Path MTU discovery: fragmentation needed (RFC 792), packet too big (RFC 4443). */
const FRAGMENTATION_NEEDED: u32 = (3 << 8) | 4;
const PACKET_TOO_BIG: u32 = 2;

/** Whether errors of this type and code pass at all. */
function passes(v6: bool, typeAndCode: u32): bool {
  if (related == RELATED_ALL) return true;
  if (related != RELATED_PMTUD) return false;
  return v6 ? typeAndCode >> 8 == PACKET_TOO_BIG : typeAndCode == FRAGMENTATION_NEEDED;
}
