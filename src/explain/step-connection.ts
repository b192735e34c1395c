import { formatAddress } from '../model/address.js';
import { isOver } from '../model/remembered.js';
import { deniedText, findConnection } from './connection-finding.js';
import { duration } from './duration.js';
import { flowOf, isBareSyn } from './reference-connection.js';
import { relatedObstacle } from './reference-related.js';
import { type Telling, type Told, decidingRule, ruleTextOf } from './telling.js';

/** CT-2: none for a packet that no connection can hold. */
export function tellConnection(telling: Telling): Told {
  if (flowOf(telling.ip, telling.direction) === undefined) return undefined;
  const { result, text, rule } = findConnection(telling);
  // What was denied is the next question's.
  if (result === 'denied') return { text: 'none' };
  return { text, ...(rule === undefined ? {} : { rule }) };
}

/** CT-16: none but for ICMP errors. */
export function tellRelated(telling: Telling): Told {
  const { ip, world, finding } = telling;
  const { related } = world.tracking;
  switch (relatedObstacle(ip, related)) {
    case 'no-error':
      return undefined;
    case 'no-quote':
      return { text: 'quotes no packet that can be read' };
    case 'not-let-pass':
      return { text: `an ICMP error that needs a rule (--related ${related})` };
    case 'not-sender':
      return { text: `quotes a packet that ${formatAddress(ip.destination)} did not send` };
    case undefined: {
      const { text } = findConnection(telling);
      return finding === undefined
        ? { text: `an ICMP error about no live connection: ${text}` }
        : { text: `an ICMP error about a connection: ${text}`, ...decidingRule(telling) };
    }
  }
}

/** CT-25: none where no opening was denied. */
export function tellDenied(telling: Telling): Told {
  const { remembered, finding, evidence, ip, direction, world } = telling;
  if (remembered?.kind !== 'denied' || world.tracking.denied === 'forget') return undefined;
  const denied = deniedText(telling, remembered);
  if (finding !== undefined) {
    const what = direction === remembered.original ? 'follows' : 'answers';
    return { text: `${what} what never passed: ${denied}` };
  }
  if (isOver(remembered, evidence.clockNs)) return { text: `${denied}, which is forgotten by now` };
  const why = isBareSyn(ip) ? 'a SYN is judged afresh' : 'this one is judged afresh';
  return { text: `${denied}; ${why}` };
}

/** CT-18: asked of fragments only. */
export function tellFragment(telling: Telling): Told {
  const { ip, finding, remembered, evidence } = telling;
  const { id, offset } = ip.fragment!;
  if (offset === 0)
    return { text: `the first one of datagram ${id}: its answer holds for the others` };
  if (finding !== undefined) {
    const ago = duration(evidence.clockNs - remembered!.lastSeenNs);
    const first = `the first fragment of datagram ${id}, ${ago} ago at frame ${remembered!.account.createdFrame}`;
    return {
      text: `shares the answer of ${first}: ${answerText(telling)}`,
      ...decidingRule(telling),
    };
  }
  const ports = 'without it, only rules for every port can match';
  if (remembered?.kind === 'first-fragment') {
    const ago = duration(evidence.clockNs - remembered.lastSeenNs);
    return {
      text: `the first fragment of datagram ${id} came ${ago} ago, too long before; ${ports}`,
    };
  }
  return { text: `the first fragment of datagram ${id} did not come before; ${ports}` };
}

/** CT-18: the first fragment came behind, and decided. */
export function tellCoveredLater(telling: Telling): NonNullable<Told> {
  const { id } = telling.ip.fragment!;
  const first = `the first fragment of datagram ${id}, which came later, decided`;
  return { text: `${first}: ${answerText(telling)}`, ...decidingRule(telling) };
}

function answerText(telling: Telling): string {
  const { code, rule } = telling.finding!;
  return rule === undefined ? code : `${code}, by ${ruleTextOf(telling, rule)}`;
}
