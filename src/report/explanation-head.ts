import { causeText } from '../model/cause.js';
import type { DecidingPlace, ExplainedPacket, Explanation } from '../model/explanation.js';
import { codeText, type Verdict } from '../model/verdict.js';
import { exactInstant } from '../model/instant-text.js';
import { beside, labelled } from './beside.js';
import { paragraph } from './columns.js';
import type { Line, Style } from './line.js';
import { packetText } from './packet-text.js';
import { exactSeconds } from './quantity.js';

/** A fault of sgsim itself: before all else, since what follows may be wrong. */
export function disagreementLines(
  { disagreement, packet }: Explanation,
  width: number,
): readonly Line[] {
  if (disagreement === undefined) return [];
  const which = packet.captured === undefined ? 'the packet' : frameText(packet.captured);
  return [
    ...beside(
      [{ text: 'FAULT OF SGSIM  ', style: 'dropped' }],
      'its two implementations do not agree about this packet',
      width,
      'dropped',
    ),
    ...paragraph(disagreement, width, 2),
    ...paragraph(
      `do not rely on what follows; report it, with ${which} and the documents of the VPC`,
      width,
      2,
    ),
  ];
}

/** Verdict and cause, then where the packet is from. */
export function headLines(explanation: Explanation, width: number): readonly Line[] {
  const { word, style } = VERDICTS[explanation.verdict];
  return [
    ...beside([{ text: `${word}  `, style }], causeLine(explanation), width),
    ...paragraph(originText(explanation.packet), width, 2, 'secondary'),
  ];
}

/** Packet, place and reason. */
export function packetLines({ packet, at, reason }: Explanation, width: number): readonly Line[] {
  return [
    ...labelled('packet', packetText(packet.packet), width),
    ...(at === undefined ? [] : labelled('at', placeText(at), width)),
    ...labelled('why', reason, width),
  ];
}

const VERDICTS: Readonly<Record<Verdict, { readonly word: string; readonly style: Style }>> = {
  allow: { word: 'ALLOW', style: 'allowed' },
  drop: { word: 'DROP', style: 'dropped' },
  'not-filtered': { word: 'NOT FILTERED', style: 'plain' },
  'not-judged': { word: 'NOT JUDGED', style: 'plain' },
};

/** Of a packet that is not filtered or not judged the code tells more than the cause. */
function causeLine({ verdict, cause, code }: Explanation): string {
  const codeTells = verdict === 'not-filtered' || verdict === 'not-judged';
  return codeTells ? `${code}: ${codeText(code)}` : `${cause} (${code}): ${causeText(cause)}`;
}

/** Where the packet is from, and when it came. */
export function originText({ captured }: ExplainedPacket): string {
  if (captured === undefined) return 'a packet as asked about, from no capture';
  const { timeNs, offsetNs } = captured;
  const offset = `${offsetNs < 0n ? '' : '+'}${exactSeconds(offsetNs)}`;
  return `${frameText(captured)}, ${exactInstant(timeNs)} (${offset})`;
}

function frameText({ capture, frame, ownFrame }: NonNullable<ExplainedPacket['captured']>): string {
  if (ownFrame === undefined) return `frame ${frame} of ${capture}`;
  return `frame ${frame} of all captures, frame ${ownFrame} of ${capture}`;
}

/** The interface that decided, and which of the packet's filters it is. */
export function placeText({ eni, name, direction, filter, filters }: DecidingPlace): string {
  const which =
    filters === 1 ? 'the only filter' : `the ${filter === 1 ? 'first' : 'second'} of 2 filters`;
  return `${eni}${name === undefined ? '' : ` (${name})`} ${direction}, ${which}`;
}
