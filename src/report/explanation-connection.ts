import type { ConnectionFinding, PeerIdentity } from '../model/explanation.js';
import type { Tally } from '../model/tally.js';
import type { Remembered } from '../model/remembered.js';
import { exactInstant } from '../model/instant-text.js';
import { labelled } from './beside.js';
import type { Line } from './line.js';
import { bytes, counted } from './quantity.js';
import { ruleWhere } from './rule-lines.js';

/** What the interface remembered of the flow, and who opened it. */
export function connectionLines(
  finding: ConnectionFinding | undefined,
  width: number,
): readonly Line[] {
  // How old it is, or that there is none, the steps have said.
  if (finding?.remembered?.kind !== 'connection') return [];
  const { remembered, rule } = finding;
  const opened = rule === undefined ? [] : [`opened by ${rule.text}: ${ruleWhere(rule)}`];
  return [
    ...labelled('connection', rememberedText(remembered), width),
    ...opened.flatMap((text) => labelled('', text, width, 'secondary')),
  ];
}

/** What the other end is. */
export function peerLines(peer: PeerIdentity | undefined, width: number): readonly Line[] {
  return peer === undefined ? [] : labelled('peer', `${peer.address}: ${peer.text}`, width);
}

/** When a connection began, and what passed each way. */
export function rememberedText({ original, account }: Remembered): string {
  const begun = `begun ${original} at ${exactInstant(account.createdNs)}`;
  const passed = `${tallyText(account.original)} that way, ${tallyText(account.reply)} back`;
  return `${begun}; ${passed}`;
}

function tallyText({ packets, bytes: size }: Tally): string {
  return `${counted(packets, 'packet')} (${bytes(size)})`;
}
