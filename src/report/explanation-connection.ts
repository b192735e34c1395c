import type { ConnectionFinding, PeerIdentity } from '../model/explanation.js';
import type { Tally } from '../model/outcome.js';
import type { Remembered } from '../model/remembered.js';
import { labelled } from './beside.js';
import type { Line } from './line.js';
import { bytes, count, counted, exactInstant } from './quantity.js';
import { ruleWhere } from './rule-lines.js';

/** What the interface remembered of the flow, and who opened it. */
export function connectionLines(
  finding: ConnectionFinding | undefined,
  width: number,
): readonly Line[] {
  if (finding === undefined) return [];
  const { result, text, remembered, rule } = finding;
  const details = [
    ...(remembered === undefined ? [] : rememberedTexts(remembered)),
    ...(rule === undefined ? [] : [`opened by ${rule.text}: ${ruleWhere(rule)}`]),
  ];
  return [
    ...labelled('connection', `${RESULTS[result]}: ${text}`, width),
    ...details.flatMap((detail) => labelled('', detail, width, 'secondary')),
  ];
}

/** What the other end is. */
export function peerLines(peer: PeerIdentity | undefined, width: number): readonly Line[] {
  return peer === undefined ? [] : labelled('peer', `${peer.address}: ${peer.text}`, width);
}

const RESULTS: Readonly<Record<ConnectionFinding['result'], string>> = {
  hit: 'live',
  miss: 'none',
  expired: 'expired',
  closed: 'closed',
  untracked: 'not tracked',
  denied: 'denied',
};

const KINDS: Readonly<Record<Remembered['kind'], string>> = {
  connection: 'connection',
  denied: 'denied opening',
  untracked: 'flow without state',
  noted: 'mid-stream flow',
  'first-fragment': 'first fragment',
};

function rememberedTexts(remembered: Remembered): readonly string[] {
  const { kind, state, original, lastSeenNs, idleSeconds, account } = remembered;
  const what = state === undefined ? KINDS[kind] : `${KINDS[kind]} in ${state}`;
  const begun = `${exactInstant(account.createdNs)} (frame ${account.createdFrame})`;
  const passed = account.original.packets + account.reply.packets;
  return [
    `${what}, begun ${original} at ${begun}`,
    ...(passed === 0
      ? []
      : [`${tallyText(account.original)} that way, ${tallyText(account.reply)} back`]),
    `last packet at ${exactInstant(lastSeenNs)}, over after ${count(idleSeconds)} s of silence`,
  ];
}

function tallyText({ packets, bytes: size }: Tally): string {
  return `${counted(packets, 'packet')} (${bytes(size)})`;
}
