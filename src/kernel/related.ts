import { isExpired } from './connection';
import { findConnection } from './connection-table';
import { FLAG_QUOTE, LAST_LIVE } from './layout';
import { setQuoteKey } from './flow-key';
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
  if (changetype<usize>(c) == 0 || c.state > LAST_LIVE) return false;
  if (isExpired(c, row.clockNs)) return false;
  visit.rule = c.rule;
  return true;
}
