import {
  FRAME_NUMBER,
  FRAME_SIZE,
  FRAME_TIME,
  ROW_LENGTH,
  ROW_SIZE,
  TRACE_SIZE,
  VERDICT_BEGINS,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import { readAddress } from '../engine/row-address.js';
import type { Address } from '../model/address.js';
import type { CauseShare } from '../model/explanation.js';
import type { Tally } from '../model/outcome.js';
import { type CaseKey, caseKeyOf } from './case-key.js';
import { type KeptRows, type RowViews, copyRow, keepRows } from './kept-rows.js';

/** What packets are put together by beyond their rows. */
export interface CaseWorld {
  /** When each phase begins, in nanoseconds; that of the first is not asked. */
  readonly phasesFrom: readonly bigint[];
  /** Interfaces, by position, that carry the same groups may drop for one cause. */
  setOf(phase: number, eni: number): number;
  /** Packets from or to addresses of one kind may have one cause. */
  peerKindOf(phase: number, address: Address): string;
}

/** Sums of one case; `row`: where its first packet is kept. */
export interface NotedCase extends Mutable<CauseShare> {
  readonly kind: string;
  readonly port: number;
  readonly row: number;
  /** Positions of the interfaces that decided. */
  readonly enis: Set<number>;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Sorts packets into cases and counts them. */
export interface CaseBook {
  /** Counts a judged row; returns its case, undefined for one beyond those that are told apart. */
  note(from: RowViews, index: number): NotedCase | undefined;
  readonly cases: readonly NotedCase[];
  /** First packets of the cases. */
  readonly kept: KeptRows;
  readonly unlisted: Mutable<Tally>;
}

/** More are counted together. */
const CASES_MAX = 4096;

/** Addresses whose kind is looked up without asking the world. */
const PEERS_MAX = 65_536;
/** More than a timeline has. */
const PHASES_MAX = 4096;

export function createCaseBook(memory: WebAssembly.Memory, world: CaseWorld): CaseBook {
  const kept = keepRows(memory, CASES_MAX);
  const cases: NotedCase[] = [];
  const byKind = new Map<number, Map<number, Map<number, NotedCase>>>();
  const peers = new Map<number | string, number>();
  const peerNames: string[] = [];
  const unlisted = { packets: 0, bytes: 0 };

  const peerOf = (phase: number, rows: DataView, { remoteAt, ipv6 }: CaseKey): number => {
    const known = addressKey(phase, rows, remoteAt, ipv6);
    let peer = peers.get(known);
    if (peer === undefined) {
      if (peers.size === PEERS_MAX) peers.clear();
      const name = world.peerKindOf(phase, readAddress(rows, remoteAt, ipv6));
      peer = peerNames.indexOf(name);
      if (peer < 0) peer = peerNames.push(name) - 1;
      peers.set(known, peer);
    }
    return peer;
  };
  const begin = (
    from: RowViews,
    index: number,
    kind: string,
    port: number,
  ): NotedCase | undefined => {
    if (cases.length === CASES_MAX) return undefined;
    const row = cases.length;
    copyRow(kept, row, from, index);
    const frame = index * FRAME_SIZE;
    const firstTimeNs = from.frames.getBigInt64(frame + FRAME_TIME, true);
    const begun = {
      ...{ kind, port, row, enis: new Set<number>(), packets: 0, bytes: 0, flows: 0 },
      firstFrame: Number(from.frames.getBigUint64(frame + FRAME_NUMBER, true)),
      firstTimeNs,
      lastTimeNs: firstTimeNs,
    };
    cases.push(begun);
    return begun;
  };
  const find = (from: RowViews, index: number): NotedCase | undefined => {
    const key = caseKeyOf(
      ...([from.rows, index * ROW_SIZE, from.verdicts, index * VERDICT_SIZE] as const),
      ...([from.traces, index * TRACE_SIZE] as const),
    );
    const phase = phaseAt(world.phasesFrom, key.clockNs);
    const peer = key.eni < 0 ? -1 : peerOf(phase, from.rows, key);
    const set = key.eni < 0 ? -1 : world.setOf(phase, key.eni);
    const byPeer = childOf(byKind, kindNumber(key, set));
    const byPort = childOf(byPeer, peer * PHASES_MAX + phase);
    // What is allowed is told apart by its rule instead.
    const port = key.rule < 0 ? key.port : -2 - key.rule;
    const known = byPort.get(port);
    if (known !== undefined) {
      if (key.eni >= 0) known.enis.add(key.eni);
      return known;
    }
    const kind = kindText(key, set, phase, peerNames[peer] ?? '');
    const begun = begin(from, index, kind, Math.max(-1, port));
    if (begun === undefined) return undefined;
    byPort.set(port, begun);
    if (key.eni >= 0) begun.enis.add(key.eni);
    return begun;
  };
  return {
    cases,
    kept,
    unlisted,
    note: (from, index) => {
      const bytes = from.rows.getUint32(index * ROW_SIZE + ROW_LENGTH, true);
      const found = find(from, index);
      const tally = found ?? unlisted;
      tally.packets++;
      tally.bytes += bytes;
      if (found === undefined) return undefined;
      found.flows += from.verdicts.getUint8(index * VERDICT_SIZE + VERDICT_BEGINS);
      const frame = Number(from.frames.getBigUint64(index * FRAME_SIZE + FRAME_NUMBER, true));
      // A fragment that waited comes behind later ones.
      if (frame < found.firstFrame) {
        copyRow(kept, found.row, from, index);
        found.firstFrame = frame;
      }
      const timeNs = from.frames.getBigInt64(index * FRAME_SIZE + FRAME_TIME, true);
      if (timeNs < found.firstTimeNs) found.firstTimeNs = timeNs;
      if (timeNs > found.lastTimeNs) found.lastTimeNs = timeNs;
      return found;
    },
  };
}

function addressKey(phase: number, rows: DataView, at: number, ipv6: boolean): number | string {
  if (!ipv6) return phase * 2 ** 32 + rows.getUint32(at + 8, true);
  return `${phase} ${rows.getBigUint64(at, true)} ${rows.getBigUint64(at + 8, true)}`;
}

function childOf<T>(map: Map<number, Map<number, T>>, key: number): Map<number, T> {
  let child = map.get(key);
  if (child === undefined) map.set(key, (child = new Map<number, T>()));
  return child;
}

/** All of a key but port, rule, phase and address: 41 bits at most. */
function kindNumber({ code, direction, protocol, ipv6, midstream }: CaseKey, set: number): number {
  const bits = direction | (ipv6 ? 2 : 0) | (midstream ? 4 : 0);
  return (((set + 1) * 256 + protocol) * 64 + code) * 8 + bits;
}

function kindText(key: CaseKey, set: number, phase: number, peer: string): string {
  const { code, direction, protocol, ipv6, midstream, rule } = key;
  return [code, set, direction, protocol, ipv6, midstream, rule, phase, peer].join(' ');
}

/** The phase that holds at a packet's time. */
export function phaseAt(phasesFrom: readonly bigint[], clockNs: bigint): number {
  let phase = 0;
  while (phase + 1 < phasesFrom.length && clockNs >= phasesFrom[phase + 1]!) phase++;
  return phase;
}
