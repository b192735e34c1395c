import Benchmark from 'benchmark';
import { Address4 } from 'ip-address';
import { compileImage } from '../src/compile/rule-image.js';
import { compileKernel, instantiateKernel } from '../src/engine/kernel-module.js';
import { allocate, bytesAt, createMemory } from '../src/engine/memory.js';
import { INGRESS } from '../src/kernel/layout.js';
import { formatPrefix, parseAddress, parsePrefix } from '../src/model/address.js';
import type { Rule } from '../src/model/security-group.js';
import { resolvePolicy } from '../src/policy/resolve.js';

const RULES = 1000;
/** Lookups in one call of the benchmarked function: a single one is too short to time. */
const BATCH = 1000;

/**
 * Looks up the matching rules of random five-tuples among a thousand: the rule image against a scan that asks ip-address
 * about each rule. State is built outside: benchmark.js compiles the functions it is given anew.
 */
export async function benchLookup(): Promise<void> {
  const rules = Array.from({ length: RULES }, (_, i) => makeRule(i));
  const policy = resolvePolicy({
    vpcs: [],
    subnets: [],
    prefixLists: [],
    peerings: [],
    associations: [],
    transitAttachments: [],
    paths: [],
    groups: [{ id: 'sg-1', name: 'bench', vpcId: 'vpc-1', rules, place: '' }],
    interfaces: [
      {
        id: 'eni-1',
        vpcId: 'vpc-1',
        type: 'interface',
        addresses: [parseAddress('10.0.1.20')!],
        delegated: [],
        groupIds: ['sg-1'],
        sourceDestCheck: true,
        requesterManaged: false,
        idleSeconds: {},
        place: '',
      },
    ],
  });
  const memory = createMemory();
  const kernel = instantiateKernel(compileKernel(), memory);
  const { bytes } = compileImage(policy);
  const image = allocate(memory, bytes.length);
  bytesAt(memory, image, bytes.length).set(bytes);
  const out = allocate(memory, RULES * 4);

  const subnets = rules.map((rule) => ({
    rule,
    net: new Address4(rule.peer.kind === 'cidr' ? formatPrefix(rule.peer.prefix) : ''),
  }));
  const asked = Array.from({ length: BATCH }, (_, i) => ({
    address: 0x0a000000 + ((i * 2_654_435_761) % 0x00400000),
    port: 1000 + ((i * 40_503) % 2000),
  }));
  const byImage = (): number => {
    let found = 0;
    for (const { address, port } of asked) {
      const lo = 0xffff_0000_0000n | BigInt(address);
      found += kernel.match(image, 0, INGRESS, 0, 0n, lo, 6, port, out, RULES);
    }
    return found;
  };
  const byScan = (): number => {
    let found = 0;
    for (const { address, port } of asked) {
      const remote = Address4.fromInteger(address);
      for (const { rule, net } of subnets) {
        const { traffic } = rule;
        if (traffic.kind !== 'ports' || port < traffic.from || port > traffic.to) continue;
        if (remote.isInSubnet(net)) found++;
      }
    }
    return found;
  };
  const [image1, scan1] = [byImage(), byScan()];
  if (image1 !== scan1 || image1 === 0) throw new Error(`lookups disagree: ${image1}, ${scan1}`);

  const suite = new Benchmark.Suite('lookup', {})
    .add('rule image', byImage)
    .add('ip-address scan', byScan);
  await new Promise<void>((resolve) => suite.on('complete', () => resolve()).run({ async: true }));
  console.log(`${RULES} rules, every matching rule of one five-tuple (benchmark.js)\n`);
  const nanoseconds = suite.map((bench: Benchmark) => {
    if (bench.stats.sample.length === 0) throw new Error(`${bench.name}: failed`);
    const each = (1e9 * bench.stats.mean) / BATCH;
    console.log(
      `${bench.name!.padEnd(16)} ${each.toFixed(0).padStart(8)} ns +-${bench.stats.rme.toFixed(1)} %`,
    );
    return each;
  });
  console.log(
    `${'ratio'.padEnd(16)} ${(nanoseconds[1]! / nanoseconds[0]!).toFixed(0).padStart(8)}`,
  );
}

function makeRule(i: number): Rule {
  const length = 16 + (i % 17);
  const value = 0x0a000000 + ((i * 40_503 * 257) % 0x00400000);
  const first = 1000 + ((i * 7919) % 2000);
  return {
    id: `sgr-${i}`,
    groupId: 'sg-1',
    direction: 'ingress',
    traffic: { kind: 'ports', protocol: 6, from: first, to: first + (i % 5) * 50 },
    peer: {
      kind: 'cidr',
      prefix: parsePrefix(
        `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}/${length}`,
      )!.prefix,
    },
    place: '',
  };
}
