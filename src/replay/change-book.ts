import { ROW_LENGTH, ROW_SIZE, VERDICT_BEGINS, VERDICT_SIZE } from '../kernel/layout.js';
import type { Address } from '../model/address.js';
import { VERDICT_CHANGES } from '../model/verdict-change.js';
import { addressOf, phaseOf } from './case-book.js';
import { type ChangeKey, type PairViews, emptyChangeKey, readChangeKey } from './change-key.js';
import { createChangedFlows } from './changed-flows.js';
import { type KeptRows, copyRow, keepRows } from './kept-rows.js';
import { type Time, frameNumber, timeOf, widen } from './noted-case.js';

/** What changed packets are put together by beyond their rows. */
export interface ChangeWorld {
  /** When each phase begins, in nanoseconds; that of the first is not asked. */
  readonly phasesFrom: readonly bigint[];
  /** Packets from or to addresses of one kind may have changed for one reason. */
  peerKindOf(side: 'before' | 'after', phase: number, address: Address): string;
}

/** Packets of one case, counted. */
export interface NotedChange {
  readonly change: number;
  /** Position of the interface where the answers part, on the side that tells it; -1 without one. */
  readonly eni: number;
  readonly side: 'before' | 'after';
  /** -1 without one. */
  readonly protocol: number;
  readonly port: number;
  readonly isRest: boolean;
  /** Case of what changed otherwise before in the flow; -1 without one. */
  readonly follows: number;
  packets: number;
  bytes: number;
  flows: number;
  readonly firstFrame: number;
  readonly first: Time;
  readonly last: Time;
}

/** Sorts packets whose verdict changed into cases, in file order. */
export interface ChangeBook {
  note(views: PairViews, index: number): void;
  readonly cases: readonly NotedChange[];
  /** First packets of the cases, as each side judged them. */
  readonly kept: Readonly<Record<'before' | 'after', KeptRows>>;
  /** By change, as VERDICT_CHANGES numbers them. */
  readonly totals: readonly Count[];
  readonly unlisted: readonly Count[];
  readonly hasEveryFlow: boolean;
}

export interface Count {
  packets: number;
  bytes: number;
  flows: number;
}

/** More are counted together. */
const CASES_MAX = 4096;
/** Ports of one kind of case that are told apart. */
const PORTS_MAX = 64;
/** Changed flows that are told apart. */
const FLOWS_MAX = 1 << 18;
/** Addresses whose kind is looked up without asking the world. */
const PEERS_MAX = 65_536;
/** Case of a flow whose case is not listed. */
const UNLISTED = CASES_MAX;

export function createChangeBook(
  memory: WebAssembly.Memory,
  world: ChangeWorld,
  sameInterface: (side: 'before' | 'after', eni: number) => number,
): ChangeBook {
  const kept = { before: keepRows(memory, CASES_MAX), after: keepRows(memory, CASES_MAX) };
  const cases: NotedChange[] = [];
  const byKind = new Map<string, Map<number, number>>();
  const flows = createChangedFlows(FLOWS_MAX);
  const totals = VERDICT_CHANGES.map(nothing);
  const unlisted = VERDICT_CHANGES.map(nothing);
  const key = emptyChangeKey();
  const peerOf = createPeerNames(world);
  let hasEveryFlow = true;

  const begin = (
    views: PairViews,
    index: number,
    port: number,
    isRest: boolean,
    follows: number,
  ): number => {
    if (cases.length === CASES_MAX) return UNLISTED;
    const place = cases.length;
    copyRow(kept.before, place, views.before, index);
    copyRow(kept.after, place, views.after, index);
    const { frames } = views.before;
    cases.push({
      ...{ change: key.change, eni: key.at.eni, side: key.side },
      protocol: key.isIp ? key.at.protocol : -1,
      ...{ port, isRest, follows, packets: 0, bytes: 0, flows: 0 },
      firstFrame: frameNumber(frames, index),
      first: timeOf(frames, index),
      last: timeOf(frames, index),
    });
    return place;
  };
  /** The case that the flow is in by a change of another kind. */
  const earlier = (views: PairViews, index: number): number => {
    for (let change = 0; change < VERDICT_CHANGES.length; change++) {
      if (change === key.change) continue;
      const found = flows.find(views[key.side].rows, index, change);
      if (found >= 0 && found !== UNLISTED) return found;
    }
    return -1;
  };
  const sort = (views: PairViews, index: number): number => {
    const follows = earlier(views, index);
    const kind = `${kindText(key, peerOf(key, views, index))} ${follows}`;
    if (cases.length === CASES_MAX && !byKind.has(kind)) return UNLISTED;
    const byPort = byKind.get(kind) ?? new Map<number, number>();
    byKind.set(kind, byPort);
    const isRest = !byPort.has(key.at.port) && byPort.size >= PORTS_MAX;
    const port = isRest ? REST : key.at.port;
    const found = byPort.get(port) ?? begin(views, index, isRest ? -1 : port, isRest, follows);
    byPort.set(port, found);
    return found;
  };
  return {
    ...{ cases, kept, totals, unlisted },
    get hasEveryFlow() {
      return hasEveryFlow;
    },
    note: (views, index) => {
      readChangeKey(key, views, index, sameInterface);
      const { rows } = views[key.side];
      let found = flows.find(rows, index, key.change);
      let begins = false;
      if (found < 0) {
        found = sort(views, index);
        if (flows.isFull) {
          hasEveryFlow = false;
          begins = beginsFlow(views, index);
        } else {
          const { counts } = flows.note(rows, index, key.change, found);
          begins = counts || beginsFlow(views, index);
        }
      }
      const bytes = views.before.rows.words[(index * ROW_SIZE + ROW_LENGTH) >> 2]!;
      const noted = cases[found];
      if (noted !== undefined) widen(noted, views.before.frames, index);
      for (const count of [totals[key.change]!, noted ?? unlisted[key.change]!]) {
        count.packets++;
        count.bytes += bytes;
        if (begins) count.flows++;
      }
    },
  };
}

/** Stands for all other ports. */
const REST = -(2 ** 31);

const nothing = (): Count => ({ packets: 0, bytes: 0, flows: 0 });

function beginsFlow({ before, after }: PairViews, index: number): boolean {
  const at = index * VERDICT_SIZE + VERDICT_BEGINS;
  return before.verdicts.bytes[at] === 1 || after.verdicts.bytes[at] === 1;
}

/** The kind of the remote address on both sides. */
function createPeerNames(
  world: ChangeWorld,
): (key: ChangeKey, views: PairViews, index: number) => string {
  const known = new Map<string, string>();
  return ({ at, side }, views, index) => {
    if (at.eni < 0) return '';
    const { rows } = views[side];
    const phase = phaseOf(world.phasesFrom, rows, index);
    const address = addressOf(rows, at);
    const name = `${phase} ${address.family} ${address.value}`;
    const found = known.get(name);
    if (found !== undefined) return found;
    if (known.size === PEERS_MAX) known.clear();
    const kinds = (['before', 'after'] as const).map((of) => world.peerKindOf(of, phase, address));
    const peer = `${phase} ${kinds.join(' / ')}`;
    known.set(name, peer);
    return peer;
  };
}

function kindText({ transition, side, at, rule, isIp }: ChangeKey, peer: string): string {
  const { code, eni, direction, protocol, ipv6, midstream } = at;
  return [transition, side, code, eni, direction, protocol, ipv6, midstream, rule, isIp, peer].join(
    ' ',
  );
}
