import type { ConnectionFinding } from '../model/explanation.js';
import { type FlowState, type Remembered, isOver } from '../model/remembered.js';
import { duration, durationOfSeconds } from './duration.js';
import { isBareSyn } from './reference-connection.js';
import { isUntrackedFlow } from './reference-rules.js';
import { type Telling, ruleNamed } from './telling.js';

/** What an interface remembered of a packet's flow, or of the flow that an ICMP error quotes. */
export function findConnection(telling: Telling): ConnectionFinding {
  const { remembered, evidence, world } = telling;
  const none: ConnectionFinding = { result: 'miss', text: 'none' };
  if (remembered === undefined) return none;
  const over = isOver(remembered, evidence.clockNs);
  switch (remembered.kind) {
    case 'connection':
      return findTracked(telling, remembered);
    case 'denied':
      if (over || world.tracking.denied === 'forget') return none;
      return { result: 'denied', text: `none: ${deniedText(telling, remembered)}`, remembered };
    case 'untracked':
      if (over) return none;
      return {
        result: 'untracked',
        text: `none: the flow is not tracked since frame ${remembered.account.createdFrame}`,
        remembered,
      };
    case 'noted':
    case 'first-fragment':
      return none;
  }
}

/** `its opening was denied at frame 7, 3 s ago`; further openers of it count as the same. */
export function deniedText({ evidence }: Telling, { account, lastSeenNs }: Remembered): string {
  const { createdFrame, createdNs } = account;
  const again =
    lastSeenNs === createdNs ? '' : `, again ${duration(evidence.clockNs - lastSeenNs)} ago`;
  const ago = duration(evidence.clockNs - createdNs);
  return `its opening was denied at frame ${createdFrame}, ${ago} ago${again}`;
}

function findTracked(telling: Telling, remembered: Remembered): ConnectionFinding {
  const { evidence, ip } = telling;
  const rule = ruleNamed(telling, remembered.rule);
  const known = { remembered, ...(rule === undefined ? {} : { rule }) };
  const opened = openedText(telling, remembered);
  const state = remembered.state!;
  const isClosed = state === 'TIME_WAIT' || state === 'CLOSE';
  if (isOver(remembered, evidence.clockNs)) {
    const text = isClosed ? closedText(telling, remembered) : expiredText(telling, remembered);
    return { result: isClosed ? 'closed' : 'expired', text: `${text}; ${opened}`, ...known };
  }
  const silent = duration(evidence.clockNs - remembered.lastSeenNs);
  if (isClosed && isBareSyn(ip) && telling.question === 'connection') {
    const text = `closed: ${stateName(remembered)} since ${silent}, and a SYN opens another; ${opened}`;
    return { result: 'closed', text, ...known };
  }
  if (isOvertaken(telling, remembered)) {
    return {
      result: 'untracked',
      text: `${opened}; dropped from tracking, which rules no longer ask for`,
      ...known,
    };
  }
  return {
    result: 'hit',
    text: `${opened}, ${stateName(remembered)}, last packet ${silent} ago`,
    ...known,
  };
}

/** `opened at frame 120 by sgr-1, 41 s ago`. */
function openedText({ evidence }: Telling, { account, rule }: Remembered): string {
  const ago = duration(evidence.clockNs - account.createdNs);
  const by = rule === undefined ? '' : ` by ${rule}`;
  return `opened at frame ${account.createdFrame}${by}, ${ago} ago`;
}

/** `expired 12 s before: silent for 42 s, UDP limit 30 s`. */
function expiredText({ evidence }: Telling, remembered: Remembered): string {
  const silentNs = evidence.clockNs - remembered.lastSeenNs;
  const overNs = silentNs - BigInt(remembered.idleSeconds) * 1_000_000_000n;
  // At the very moment that it expires it is over already (CT-13).
  const when = overNs === 0n ? 'just now' : `${duration(overNs)} before`;
  return `expired ${when}: silent for ${duration(silentNs)}, ${limitText(remembered)}`;
}

/** `closed: last packet 130 s ago, TIME_WAIT limit 120 s`. */
function closedText({ evidence }: Telling, remembered: Remembered): string {
  const silent = duration(evidence.clockNs - remembered.lastSeenNs);
  return `closed: last packet ${silent} ago, ${limitText(remembered)}`;
}

function limitText(remembered: Remembered): string {
  return `${stateName(remembered)} limit ${durationOfSeconds(remembered.idleSeconds)}`;
}

/** As `state` prints it; UDP and its streams in words. */
function stateName({ state, flow }: Remembered): string {
  const names: Partial<Record<FlowState, string>> = {
    UDP_STREAM: 'UDP stream',
    OTHER: `protocol ${flow.protocol}`,
  };
  return names[state!] ?? state!;
}

/** CT-10. */
function isOvertaken(
  { policy, at, direction, ip, world, question }: Telling,
  { original }: Remembered,
): boolean {
  if (question !== 'connection') return false;
  const { autoTracked } = world.tracking;
  return isUntrackedFlow(policy, at.set!, direction, ip, original, autoTracked);
}
