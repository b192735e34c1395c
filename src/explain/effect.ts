import { formatAddress } from '../model/address.js';
import type { Docket } from '../model/docket.js';
import type { Evidence } from '../model/evidence.js';
import type { Fix, FixEdit, FixEffect } from '../model/explanation.js';
import type { Tally } from '../model/tally.js';
import { protocolName } from '../model/protocol.js';
import type { Sheet } from './docket-flows.js';
import { fixedTimeline } from './fixed-timeline.js';
import { losesNothing } from './fix-change.js';
import { judgeUnderFix } from './docket-judge.js';
import { openerOf } from './opener.js';
import { touchedSheets } from './touched.js';
import type { ExplainedWorld } from './world.js';

/**
 * What edits would change of the docket's packets, had they been made before the capture began: those that are dropped and
 * would not be. Other flows are those that differ from the evidence's in the interface that drops them, the direction, the
 * protocol or the destination port of their opener (of ICMP its type): they might be let in by accident.
 */
export function effectOf(
  world: ExplainedWorld,
  edits: readonly FixEdit[],
  docket: Docket,
  evidence: Evidence,
): FixEffect {
  return outcomeOf(world, edits, docket, evidence).effect;
}

/** The fixes with their effects, without those that would not let the packet pass after all that came before it. */
export function weighFixes(
  world: ExplainedWorld,
  fixes: readonly Fix[],
  docket: Docket,
  evidence: Evidence,
): Fix[] {
  return fixes.flatMap((fix): Fix[] => {
    if (fix.edits.length === 0) return [fix];
    const { effect, helps } = outcomeOf(world, fix.edits, docket, evidence);
    return helps ? [{ ...fix, effect }] : [];
  });
}

interface Outcome {
  readonly effect: FixEffect;
  /** The packet itself passes, or is not in the docket. */
  readonly helps: boolean;
}

function outcomeOf(
  world: ExplainedWorld,
  edits: readonly FixEdit[],
  docket: Docket,
  evidence: Evidence,
): Outcome {
  const { admitted, cut, isSure } = changedBy(world, edits, docket);
  const flows = firstOfFlows(admitted);
  const usual = characterOf(evidence);
  const others = flows.filter((sheet) => characterOf(sheet.evidence) !== usual);
  const { frame } = evidence.verdict;
  const isIn = (sheets: readonly Sheet[]): boolean =>
    sheets.some((sheet) => sheet.evidence.verdict.frame === frame);
  const isKept = docket.packets.some((packet) => packet.verdict.frame === frame);
  return {
    helps: isIn(admitted) || !isKept,
    effect: {
      admits: tallyOf(admitted),
      flows: flows.length,
      otherFlows: others.length,
      ...(others.length === 0 ? {} : { otherExample: exampleOf(others[0]!.evidence) }),
      ...(cut.length === 0 ? {} : { cuts: tallyOf(cut) }),
      complete: docket.complete && isSure,
    },
  };
}

/** Packets whose verdicts edits change. */
export interface Changed {
  readonly admitted: readonly Sheet[];
  readonly cut: readonly Sheet[];
  /** False when it hangs on something that the docket does not tell. */
  readonly isSure: boolean;
}

/** Judges again what the edits touch. */
export function changedBy(
  world: ExplainedWorld,
  edits: readonly FixEdit[],
  docket: Docket,
): Changed {
  const fixed = fixedTimeline(world.timeline, edits);
  const touched = touchedSheets(docket, edits, world.timeline, fixed);
  const { passes, isSure } = judgeUnderFix(touched, edits, fixed, world.tracking);
  const was = ({ evidence }: Sheet): boolean => evidence.verdict.verdict !== 'drop';
  return {
    admitted: touched.filter((sheet, i) => passes[i]! && !was(sheet)),
    cut: touched.filter((sheet, i) => !passes[i]! && was(sheet)),
    // The docket has no packets of address pairs that only a rule which is removed let through without a drop.
    isSure: isSure && losesNothing(edits),
  };
}

/** Later fragments belong to a flow of their address pair, if one is let in. */
function firstOfFlows(sheets: readonly Sheet[]): Sheet[] {
  const flows = new Map<string, Sheet>();
  const named = new Set(sheets.filter(({ flow }) => flow !== undefined).map(pairName));
  for (const sheet of sheets) {
    const { flow, quoted } = sheet;
    if (flow === undefined && quoted === undefined && named.has(pairName(sheet))) continue;
    const name = flow ?? quoted ?? pairName(sheet);
    if (!flows.has(name)) flows.set(name, sheet);
  }
  return [...flows.values()];
}

const pairName = ({ pair, ip }: Sheet): string => `${pair} ${ip.protocol}`;

/** What flows have in common that one cause drops. */
function characterOf(evidence: Evidence): string {
  const place = evidence.verdict.at.find(({ verdict }) => verdict === 'drop');
  if (place === undefined) return '';
  const { packet, direction } = openerOf(evidence, place);
  return JSON.stringify([place.eni, direction, packet.protocol, portOf(packet.transport)]);
}

function portOf(transport: Sheet['ip']['transport']): number | undefined {
  if (transport === undefined) return undefined;
  return transport.kind === 'icmp' ? transport.type : transport.destinationPort;
}

/** `10.0.1.5:4000 > 10.0.2.9:443 tcp`. */
function exampleOf(evidence: Evidence): string {
  const place = evidence.verdict.at.find(({ verdict }) => verdict === 'drop')!;
  const { source, destination, protocol, transport } = openerOf(evidence, place).packet;
  const ports =
    transport === undefined || transport.kind === 'icmp'
      ? undefined
      : ([transport.sourcePort, transport.destinationPort] as const);
  const end = (address: typeof source, port: number | undefined): string => {
    const text = formatAddress(address);
    if (port === undefined) return text;
    return address.family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
  };
  return `${end(source, ports?.[0])} > ${end(destination, ports?.[1])} ${protocolName(protocol)}`;
}

function tallyOf(sheets: readonly Sheet[]): Tally {
  const bytes = sheets.reduce((sum, { evidence }) => sum + evidence.packet.length, 0);
  return { packets: sheets.length, bytes };
}
