import { gzipSync } from 'node:zlib';
import { compileKernel } from '../../src/engine/kernel-module.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { Timeline } from '../../src/policy/timeline.js';
import type { Coverage } from './coverage.js';
import { type Random, mutate, pick } from './mutation.js';
import { type Manner, type Plan, type Reading, readInput } from './reading.js';
import type { Seed } from './seeds.js';
import { type World, createCheckedWorld, createShippedWorld } from './world.js';
import { zstdOf } from './zstd-frame.js';

/** Reads inputs with both kernels and in two manners, and holds what came of it against each other. */
export interface Bench {
  /** Throws on the first thing that is not as it must be. */
  run(plan: Plan, manners: readonly [Manner, Manner]): Promise<Reading>;
  /** Most pages of memory that an input took so far. */
  pages(): number;
}

/** Inputs that are judged in one memory: the kernel that ships does not give any back. */
const JUDGED_MAX = 200;

export function createBench(coverage: Coverage): Bench {
  const module = compileKernel();
  // A kernel that judged before knows interfaces, which one that only decodes must not.
  const checked = { read: createCheckedWorld(coverage), judge: createCheckedWorld(coverage) };
  const shipped = { read: createShippedWorld(module), judge: createShippedWorld(module) };
  let judged = 0;
  let pages = 0;
  const worlds = ({ judge }: Plan): [World, World] => {
    if (judge === undefined) return [checked.read, shipped.read];
    if (++judged % JUDGED_MAX === 0) shipped.judge = createShippedWorld(module);
    return [checked.judge, shipped.judge];
  };
  return {
    run: async (plan, [first, second]) => {
      const [safe, fast] = worlds(plan);
      // The checked one first: it ends where the other might not.
      const one = await readInput(safe, plan, first);
      pages = Math.max(pages, safe.arena.taken());
      const other = await readInput(fast, plan, second);
      for (const fact of Object.keys(one) as (keyof Reading)[]) {
        if (one[fact] === other[fact]) continue;
        throw new Error(`${fact}: ${difference(String(one[fact]), String(other[fact]))}`);
      }
      return one;
    },
    pages: () => pages,
  };
}

/** Where two texts part, and a little of both from there. */
function difference(one: string, other: string): string {
  const at = Array.from(one).findIndex((character, i) => character !== other[i]);
  const from = Math.max(0, at - 40);
  return `${one.slice(from, from + 120)} in one manner, ${other.slice(from, from + 120)} in another`;
}

const FILTERS = [
  'tcp',
  'ip6 and udp port 53',
  'host 10.0.0.1 or net 192.168.0.0/16',
  'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0',
  'vlan and ip',
  'ip[0] & 0xf != 5 or ip[6:2] & 0x1fff != 0',
  'portrange 1-1023 and not icmp',
  'less 100 or greater 1400',
  'udp[8:4] = 0 or ip6[40] = 0',
  'mpls or pppoes and ip',
  'ether proto 0x0806 or ip proto 47',
];
const TUNNELS = ['vxlan', 'geneve', 'gre', 'ipip'] as const;

const NETWORKS = [
  { vni: 1, eni: 'eni-1' },
  { vni: 123, eni: 'eni-2' },
];

/** What to do with an input: most are read and decoded, some filtered, peeled, judged, merged or unpacked before. */
export function planFor(
  random: Random,
  bytes: Uint8Array,
  seeds: readonly Seed[],
  timeline: Timeline,
): Plan {
  const merged = random() < 0.05 ? [mutate(random, seeds)] : [];
  const inputs = [bytes, ...merged].map((each) => (random() < 0.01 ? packed(random, each) : each));
  const chance = random();
  return {
    inputs,
    decoding: {
      decap: chance < 0.4 ? TUNNELS : chance < 0.6 ? 'auto' : [],
      networks: random() < 0.05 ? NETWORKS : [],
      checksums: random() < 0.3,
    },
    ...(random() < 0.25 ? { filter: pick(random, FILTERS) } : {}),
    ...(random() < 0.1 ? { judge: { timeline, tracking: trackingFor(random) } } : {}),
  };
}

const trackingFor = (random: Random): typeof DEFAULT_TRACKING => ({
  ...DEFAULT_TRACKING,
  midstream: pick(random, ['history', 'strict', 'pickup'] as const),
  denied: pick(random, ['remember', 'forget'] as const),
  related: pick(random, ['all', 'pmtud', 'none'] as const),
  ...(random() < 0.2 ? { maxTracked: 2 } : {}),
});

/** A compressed capture that is damaged now and then. */
function packed(random: Random, bytes: Uint8Array): Uint8Array {
  const file = random() < 0.5 ? Uint8Array.from(gzipSync(bytes, { level: 1 })) : zstdOf(bytes);
  return random() < 0.7 ? mutate(random, [{ name: '', bytes: file }]) : file;
}

/** Two manners that cut a capture in different places. */
export function mannersFor(random: Random, size: number): [Manner, Manner] {
  const manner = (): Manner => ({
    chunkBytes: pick(random, [64, 256, 1000, 4096, 65_536, 131_072]),
    piece: random() < 0.03 && size < 1500 ? 1 : pick(random, [100, 1000, Infinity, Infinity]),
    traced: random() < 0.3,
  });
  return [manner(), manner()];
}
