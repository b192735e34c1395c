import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { loadVpc } from '../src/documents/load.js';
import { type Random, below, createRandom, fraction, pick } from '../src/generate/random.js';
import { createTraffic } from '../src/generate/traffic.js';
import { DEFAULT_TRAFFIC, type TrafficOptions } from '../src/generate/traffic-options.js';
import type { ExpectedTraffic } from '../src/model/expected-traffic.js';
import { type Timeline, resolveTimeline } from '../src/policy/timeline.js';

export const SHAPE_NAMES = ['a', 'b', 'c'] as const;
export type ShapeName = (typeof SHAPE_NAMES)[number];

const PACKETS = 5_000_000;
/** A packet every 8 to 16 microseconds. */
const PER_SECOND = 1e6 / 12;

const COMMON = {
  ...DEFAULT_TRAFFIC,
  packetsPerSecond: PER_SECOND,
  protocols: { tcp: 75, udp: 25, icmp: 0 },
  sizes: { from: 64, to: 128 },
  insideShare: 0,
  dropShare: 0.38,
} as const;

/**
 * What the three are of 5,000,000 packets: `a` has 100,000 flows, most of them short and a few very long, half of which
 * live at a time. `b` has a million flows of 2 or 3 packets of UDP, or 7 or 8 of TCP: every fifth packet opens one, and half a
 * million live at a time. `c` has a thousand, all at a time, of IMIX sizes, cut to 96 bytes.
 */
const SHAPES: Readonly<Record<ShapeName, TrafficOptions>> = {
  a: { ...COMMON, flows: 100_000, concurrent: 50_000 },
  b: {
    ...COMMON,
    flows: 1_000_000,
    concurrent: 500_000,
    lengths: 'even',
    protocols: { tcp: 50, udp: 50, icmp: 0 },
  },
  c: { ...COMMON, flows: 1000, concurrent: 1000, sizes: 'imix', snapLength: 96 },
};

/** A shape's options; with fewer packets it has fewer flows, in proportion. */
export function shapeOptions(name: ShapeName, packets = PACKETS): TrafficOptions {
  const shape = SHAPES[name];
  const scaled = (count: number): number => Math.max(10, Math.round((count * packets) / PACKETS));
  return { ...shape, packets, flows: scaled(shape.flows), concurrent: scaled(shape.concurrent) };
}

export interface WrittenShape {
  /** Names of files. */
  readonly capture: string;
  readonly vpc: string;
  readonly expected: ExpectedTraffic;
}

/** Writes a shape and its VPC into a folder: the same bytes every time. */
export function writeShape(name: ShapeName, folder: string, packets = PACKETS): WrittenShape {
  const capture = join(folder, `${name}.pcap`);
  const vpc = join(folder, 'vpc.yaml');
  writeFileSync(vpc, shapeVpc());
  const traffic = createTraffic(shapeTimeline().phases[0]!.policy, shapeOptions(name, packets));
  const block = new Uint8Array(1 << 20);
  const descriptor = openSync(capture, 'w');
  for (let size = traffic.fill(block); size > 0; size = traffic.fill(block)) {
    writeSync(descriptor, block, 0, size);
  }
  closeSync(descriptor);
  return { capture, vpc, expected: traffic.expected() };
}

/** What the VPC of the shapes comes to. */
export function shapeTimeline(): Timeline {
  return resolveTimeline(loadVpc([{ name: 'vpc.yaml', text: shapeVpc() }]).description);
}

const GROUPS = 8;
const INTERFACES = 256;
const RULES = 100;
const PORTS = [22, 53, 80, 443, 3306, 5432, 8080, 25];
/** Where peers are: first address, length of the block. */
const BLOCKS: readonly (readonly [number, number])[] = [
  [0x0a40_0000, 10],
  [0x6440_0000, 10],
  [0xc612_0000, 15],
  [0xac10_0000, 12],
];
const LENGTHS = [16, 18, 20, 22, 24, 24, 26, 28, 32];

/** 256 interfaces in eight groups, whose 100 rules are those that web servers have, and some for single services and blocks. */
function shapeVpc(): string {
  const rules = groupRules();
  const lines = ['vpc: vpc-shapes', 'cidrs: [10.0.0.0/16]', 'groups:'];
  for (const [group, { ingress, egress }] of rules.entries()) {
    lines.push(`  sg-${group}:`);
    lines.push('    ingress:', ...ingress.map((rule) => `      - ${rule}`));
    lines.push('    egress:', ...egress.map((rule) => `      - ${rule}`));
  }
  lines.push('interfaces:');
  for (let eni = 0; eni < INTERFACES; eni++) {
    const address = `10.0.${eni >> 4}.${10 + (eni & 15) * 8}`;
    lines.push(`  eni-${eni}: { addresses: [${address}], groups: [sg-${eni % GROUPS}] }`);
  }
  return `${lines.join('\n')}\n`;
}

interface GroupRules {
  readonly ingress: string[];
  readonly egress: string[];
}

function groupRules(): GroupRules[] {
  const random = createRandom(7 + RULES);
  const groups = Array.from({ length: GROUPS }, (_, group): GroupRules => ({
    ingress: [
      ...['tcp/443 from 0.0.0.0/0', 'tcp/80 from 0.0.0.0/0', 'udp/443 from 0.0.0.0/0'],
      'udp/53 from 10.64.0.0/10',
    ],
    // Every other group lets everything out: what its web servers are asked is not tracked (CT-4).
    egress:
      group % 2 === 0
        ? ['tcp/0-65535 to 0.0.0.0/0', 'udp/0-65535 to 0.0.0.0/0']
        : ['tcp/80-443 to 0.0.0.0/0', 'udp/53 to 0.0.0.0/0', 'tcp/1024-9999 to 172.16.0.0/12'],
  }));
  let count = groups.reduce((sum, { ingress, egress }) => sum + ingress.length + egress.length, 0);
  while (count < RULES) {
    const { ingress, egress } = pick(random, groups);
    const incoming = fraction(random) < 0.8;
    const rule = `${drawTraffic(random)} ${incoming ? 'from' : 'to'} ${drawBlock(random)}`;
    const rules = incoming ? ingress : egress;
    if (rules.includes(rule)) continue;
    rules.push(rule);
    count++;
  }
  return groups;
}

function drawTraffic(random: Random): string {
  const protocol = pick(random, ['tcp', 'tcp', 'udp']);
  if (fraction(random) < 0.7) return `${protocol}/${pick(random, PORTS)}`;
  const from = 1024 + below(random, 28_976);
  return `${protocol}/${from}-${from + pick(random, [9, 99, 999, 9999])}`;
}

function drawBlock(random: Random): string {
  const [first, least] = pick(random, BLOCKS);
  const length = Math.max(least, pick(random, [least, least + 2, least + 4, ...LENGTHS]));
  const host = below(random, 2 ** (32 - least));
  const address = first + host - (host % 2 ** (32 - length));
  return `${[24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.')}/${length}`;
}
