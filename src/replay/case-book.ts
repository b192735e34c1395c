import { ROW_CLOCK, ROW_LENGTH, ROW_SIZE, VERDICT_BEGINS, VERDICT_SIZE } from '../kernel/layout.js';
import type { Address } from '../model/address.js';
import type { Tally } from '../model/tally.js';
import { type NotedCase, frameNumber, timeOf, widen } from './noted-case.js';
import { type CaseKey, emptyCaseKey, readCaseKey } from './case-key.js';
import { type KeptRows, type RowViews, type Words, copyRow, keepRows } from './kept-rows.js';
import { createLatestCases, createRecentPeers } from './latest-cases.js';

/** What packets are put together by beyond their rows. */
export interface CaseWorld {
  /** When each phase begins, in nanoseconds; that of the first is not asked. */
  readonly phasesFrom: readonly bigint[];
  /** Interfaces, by position, that carry the same groups may drop for one cause. */
  setOf(phase: number, eni: number): number;
  /** Packets from or to addresses of one kind may have one cause. */
  peerKindOf(phase: number, address: Address): string;
}

/** Sorts packets into cases and counts them. */
export interface CaseBook {
  /** Counts a judged row; returns its case, undefined for one beyond those that are told apart. */
  note(from: RowViews, index: number): NotedCase | undefined;
  readonly cases: readonly NotedCase[];
  /** First packets of the cases. */
  readonly kept: KeptRows;
  readonly unlisted: Tally;
}

/** More are counted together. */
const CASES_MAX = 4096;
/** Ports of one kind of case that are told apart; clients have thousands. */
const PORTS_MAX = 64;
/** Stands for all other ports. */
const REST = -(2 ** 31);
/** Addresses whose kind is looked up without asking the world. */
const PEERS_MAX = 65_536;

export function createCaseBook(memory: WebAssembly.Memory, world: CaseWorld): CaseBook {
  const kept = keepRows(memory, CASES_MAX);
  const cases: NotedCase[] = [];
  const bySet = new Map<number, Map<number, Map<number, Map<number, NotedCase>>>>();
  const peers = new Map<number | string, number>();
  const peerNames: string[] = [];
  const numbers = new Map<string, number>();
  const unlisted = { packets: 0, bytes: 0 };
  const key = emptyCaseKey();

  const askPeer = (phase: number, rows: Words): number => {
    const known = addressName(phase, rows, key);
    let peer = peers.get(known);
    if (peer === undefined) {
      if (peers.size === PEERS_MAX) peers.clear();
      const name = world.peerKindOf(phase, addressOf(rows, key));
      peer = numbers.get(name) ?? peerNames.push(name) - 1;
      numbers.set(name, peer);
      peers.set(known, peer);
    }
    return peer;
  };
  const recent = createRecentPeers();
  const latest = createLatestCases();
  const peerOf = (phase: number, rows: Words): number => {
    if (key.ipv6) return askPeer(phase, rows);
    const address = rows.words[(key.remoteAt >> 2) + 2]!;
    const place = recent.placeOf(phase, address);
    if (recent.addresses[place] === address && recent.phases[place] === phase + 1) {
      return recent.peers[place]!;
    }
    recent.addresses[place] = address;
    recent.phases[place] = phase + 1;
    return (recent.peers[place] = askPeer(phase, rows));
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
    const begun = {
      ...{ kind, row, enis: new Set<number>(), packets: 0, bytes: 0, flows: 0 },
      port: Math.max(-1, port),
      isRest: port === REST,
      firstFrame: frameNumber(from.frames, index),
      first: timeOf(from.frames, index),
      last: timeOf(from.frames, index),
    };
    cases.push(begun);
    return begun;
  };
  const find = (from: RowViews, index: number): NotedCase | undefined => {
    const phase = phaseOf(world.phasesFrom, from.rows, index);
    const peer = key.eni < 0 ? -1 : peerOf(phase, from.rows);
    const traffic = trafficNumber(key, phase);
    const met = latest.find(key, traffic, peer);
    if (met !== undefined) return met;
    const set = key.eni < 0 ? -1 : world.setOf(phase, key.eni);
    const byPort = childOf(childOf(childOf(bySet, set), traffic), peer);
    // What is allowed is told apart by its rule instead.
    const own = key.rule < 0 ? key.port : -2 - key.rule;
    const port = byPort.has(own) || byPort.size < PORTS_MAX ? own : REST;
    let found = byPort.get(port);
    if (found === undefined) {
      const kind = kindText(key, set, phase, peerNames[peer] ?? '');
      found = begin(from, index, kind, port);
      if (found === undefined) return undefined;
      byPort.set(port, found);
    }
    if (key.eni >= 0) found.enis.add(key.eni);
    latest.keep(key, traffic, peer, found);
    return found;
  };
  return {
    cases,
    kept,
    unlisted,
    note: (from, index) => {
      readCaseKey(key, from, index);
      const found = find(from, index);
      const tally = found ?? unlisted;
      tally.packets++;
      tally.bytes += from.rows.words[(index * ROW_SIZE + ROW_LENGTH) >> 2]!;
      if (found === undefined) return undefined;
      found.flows += from.verdicts.bytes[index * VERDICT_SIZE + VERDICT_BEGINS]!;
      const frame = frameNumber(from.frames, index);
      // A fragment that waited comes behind later ones.
      if (frame < found.firstFrame) {
        copyRow(kept, found.row, from, index);
        found.firstFrame = frame;
      }
      widen(found, from.frames, index);
      return found;
    },
  };
}

/** The phase that holds at a packet's time. */
export function phaseAt(phasesFrom: readonly bigint[], clockNs: bigint): number {
  let phase = 0;
  while (phase + 1 < phasesFrom.length && clockNs >= phasesFrom[phase + 1]!) phase++;
  return phase;
}

/** The phase that holds at a row's time. */
export function phaseOf(phasesFrom: readonly bigint[], { words }: Words, index: number): number {
  if (phasesFrom.length === 1) return 0;
  const at = (index * ROW_SIZE + ROW_CLOCK) >> 2;
  return phaseAt(phasesFrom, (BigInt(words[at + 1]! | 0) << 32n) | BigInt(words[at]!));
}

function addressName(
  phase: number,
  { words }: Words,
  { ipv6, remoteAt }: CaseKey,
): number | string {
  const at = remoteAt >> 2;
  if (!ipv6) return phase * 2 ** 32 + words[at + 2]!;
  return [phase, words[at], words[at + 1], words[at + 2], words[at + 3]].join(' ');
}

/** Two words of 64 bits, the higher one first; an IPv4 address is the lowest 32 bits. */
export function addressOf({ words }: Words, { ipv6, remoteAt }: CaseKey): Address {
  const at = remoteAt >> 2;
  const word = (offset: number): bigint => BigInt(words[at + offset]!);
  if (!ipv6) return { family: 4, value: word(2) };
  return { family: 6, value: (word(1) << 96n) | (word(0) << 64n) | (word(3) << 32n) | word(2) };
}

function childOf<K, T>(map: Map<number, Map<K, T>>, key: number): Map<K, T> {
  let child = map.get(key);
  if (child === undefined) map.set(key, (child = new Map<K, T>()));
  return child;
}

/** Code, protocol, three bits and a phase: an integer, beyond 32 bits only in odd timelines. */
function trafficNumber(key: CaseKey, phase: number): number {
  const bits = key.direction | (key.ipv6 ? 2 : 0) | (key.midstream ? 4 : 0);
  return phase * 2 ** 17 + ((bits << 14) | (key.protocol << 6) | key.code);
}

function kindText(key: CaseKey, set: number, phase: number, peer: string): string {
  const { code, direction, protocol, ipv6, midstream, rule } = key;
  return [code, set, direction, protocol, ipv6, midstream, rule, phase, peer].join(' ');
}
