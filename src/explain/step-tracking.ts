import type { Direction } from '../model/security-group.js';
import { TCP } from '../model/protocol.js';
import { durationOfSeconds } from './duration.js';
import { pathTo } from './reference-paths.js';
import { remoteAddress } from './reference-exempt.js';
import { matchingRules, opposite, trackingOf } from './reference-rules.js';
import type { ResolvedRule } from '../policy/resolve.js';
import {
  type Telling,
  type Told,
  decidingRule,
  ruleNamed,
  ruleText,
  ruleTextOf,
} from './telling.js';
import { fullText } from './step-rules.js';
import { referTo } from './rule-reference.js';

/** CT-4 to CT-7: whether the flow is tracked, and because of which rules; none for what always is. */
export function tellTracking(telling: Telling): Told {
  const { policy, at, direction, ip, world, finding } = telling;
  if (finding !== undefined && finding.code !== 'untracked') return tellNarrowed(telling);
  const tracking = trackingOf(policy, at.set!, direction, ip, world.tracking.autoTracked);
  if (!tracking.tracked) {
    const text = `not tracked: ${textOf(telling, tracking.opener)}, and ${textOf(telling, tracking.wayBack)}`;
    return { text, ...decidingRule(telling) };
  }
  switch (tracking.because) {
    case 'protocol':
      return undefined;
    case 'path':
      return {
        text: `tracked, as every flow through ${pathTo(policy, remoteAddress(ip, direction))!}`,
      };
    case 'peer':
      // Where no rule matches at all, the next answer says so.
      if (matchingRules(policy, at.set!, direction, ip).length === 0) return undefined;
      return {
        text: `tracked: no matching ${tracking.opening} rule is ${anyPeerText(telling, tracking.opening)}`,
      };
    case 'way-back': {
      const back = opposite(tracking.opening);
      const protocol = ip.protocol === TCP ? 'tcp' : 'udp';
      return {
        text: `tracked: no ${back} rule opens every ${protocol} port ${anyPeerText(telling, back)}`,
      };
    }
  }
}

/** CT-9, CT-11. */
function tellNarrowed(telling: Telling): Told {
  const { remembered, finding } = telling;
  const since = `untracked since frame ${remembered!.account.createdFrame}, but rules have become narrower`;
  if (finding!.code === 'allowance-exceeded') {
    return { text: `${since}, and ${fullText(telling)}` };
  }
  if (finding!.rule === undefined) return { text: `${since}: none allows either direction` };
  return {
    text: `${since}: tracked from here by ${ruleTextOf(telling, finding!.rule)}`,
    ...decidingRule(telling),
  };
}

/** CT-14: TCP that opens nothing and belongs to nothing; else none. */
export function tellMidstream(telling: Telling): Told {
  const { world, finding, direction } = telling;
  const { midstream, historySeconds } = world.tracking;
  if (finding === undefined) return undefined;
  if (finding.code === 'no-state') {
    if (midstream === 'strict')
      return { text: 'no SYN, and no connection: dropped by --midstream strict' };
    const history = durationOfSeconds(historySeconds);
    return { text: `no SYN, and its connection is over, which is remembered for ${history}` };
  }
  const start = `its opening was not seen (--midstream ${midstream})`;
  if (finding.code === 'allowance-exceeded') return { text: `${start}, and ${fullText(telling)}` };
  if (finding.rule === undefined) return { text: `${start}, and no rule allows either direction` };
  const rule = ruleNamed(telling, finding.rule);
  const way = rule === undefined || rule.direction === direction ? 'it' : 'what it answers';
  return {
    text: `${start}: ${ruleTextOf(telling, finding.rule)} allows ${way}`,
    ...decidingRule(telling),
  };
}

function textOf({ world, evidence }: Telling, { rule }: ResolvedRule): string {
  return ruleText(referTo(world, evidence.phase, rule));
}

function anyPeerText({ ip }: Telling, direction: Direction): string {
  return `${direction === 'ingress' ? 'from' : 'to'} ${ip.source.family === 4 ? '0.0.0.0/0' : '::/0'}`;
}
