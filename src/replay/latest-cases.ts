import type { CaseKey } from './case-key.js';
import type { NotedCase } from './noted-case.js';

// Maps would be asked for every packet of a flood. What was looked up last stands in tables, a place for each hash.

const SHIFT = 16;
const PLACES = 2 ** (32 - SHIFT);

const placeOf = (hash: number): number => Math.imul(hash, 0x9e3779b1) >>> SHIFT;

/** IPv4 addresses and the kind of peer that they are. */
export function createRecentPeers() {
  return {
    addresses: new Uint32Array(PLACES),
    /** From 1; 0 where none was met. */
    phases: new Uint16Array(PLACES),
    peers: new Uint32Array(PLACES),
    placeOf: (phase: number, address: number): number => placeOf(address ^ phase),
  };
}

/** Keys and the cases that they were sorted into. */
export interface LatestCases {
  find(key: CaseKey, traffic: number, peer: number): NotedCase | undefined;
  keep(key: CaseKey, traffic: number, peer: number, found: NotedCase): void;
}

export function createLatestCases(): LatestCases {
  const cases: (NotedCase | undefined)[] = Array.from({ length: PLACES }, () => undefined);
  /** Interface, traffic, peer, port and rule of each. */
  const keys = new Int32Array(PLACES * 5);
  const placeFor = ({ eni, port, rule }: CaseKey, traffic: number, peer: number): number =>
    placeOf(eni ^ Math.imul(port, 31) ^ Math.imul(rule, 1009) ^ (traffic << 12) ^ (peer << 24));
  return {
    find: (key, traffic, peer) => {
      const place = placeFor(key, traffic, peer);
      const at = place * 5;
      const isSame =
        keys[at] === key.eni &&
        keys[at + 1] === traffic &&
        keys[at + 2] === peer &&
        keys[at + 3] === key.port &&
        keys[at + 4] === key.rule;
      return isSame ? cases[place] : undefined;
    },
    keep: (key, traffic, peer, found) => {
      const place = placeFor(key, traffic, peer);
      cases[place] = found;
      keys.set([key.eni, traffic, peer, key.port, key.rule], place * 5);
    },
  };
}
