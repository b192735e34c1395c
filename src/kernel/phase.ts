import { connectionAt, connectionsMade } from './connection-table';
import { countInPhase } from './counters';
import { setupInterfaces } from './interfaces';
import { DENIED_TCP, FREE, LAST_LIVE, NONE, UNTRACKED, PLAIN, RECHECK } from './layout';
import { enterPhase, image, phaseAt } from './policy';

/**
 * From now on another rule image holds. What was concluded from the old one is taken back: connections stay (CT-8), but
 * each is looked at again at its next packet (CT-9 to CT-11). Interfaces keep their numbers, rules too.
 */
export function changePhase(now: i64): void {
  const next = phaseAt(now);
  enterPhase(next);
  setupInterfaces(image);
  countInPhase(next);
  const made = connectionsMade();
  for (let i: u32 = 0; i < made; i++) {
    const c = connectionAt(i);
    if (c.state == FREE) continue;
    if (c.state <= LAST_LIVE) {
      c.flags = (c.flags & ~PLAIN) | RECHECK;
    } else if (c.state >= DENIED_TCP) {
      c.flags &= ~PLAIN;
    } else if (c.state == UNTRACKED) {
      c.rule = NONE;
      c.replyRule = NONE;
      c.flags = (c.flags & ~PLAIN) | RECHECK;
    }
  }
}
