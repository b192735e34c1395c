import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWriter, putU32, reserve } from '../../src/compile/image-writer.js';
import { writeTrie } from '../../src/compile/prefix-trie.js';
import { writePart } from '../../src/compile/rule-part.js';
import {
  COVER_COUNT,
  COVER_HEADER,
  IMAGE_HEADER,
  IMAGE_PEERS4,
  IMAGE_PEERS6,
  IMAGE_SETS,
  INGRESS,
  SET_SIZE,
  SIDE_PART,
  SIDE_SIZE,
} from '../../src/kernel/layout.js';
import {
  type Address,
  type Prefix,
  addressWidth,
  formatAddress,
  formatPrefix,
  prefixContains,
  prefixOf,
} from '../../src/model/address.js';
import type { Rule } from '../../src/model/security-group.js';
import type { ResolvedRule } from '../../src/policy/resolve.js';
import { prefixes } from '../policy/describe-vpc.js';
import { createImageLoader } from './matcher.js';

const load = createImageLoader(1 << 24, 16);

describe('longest prefix: trie = linear scan', () => {
  it.each([4, 6] as const)('random nested prefixes of family %i', (family) => {
    fc.assert(
      fc.property(nested(family), (list) => {
        const find = trieOf(family, list);
        for (const address of list.flatMap(edges)) {
          expectSame(address, find(address), longest(list, address));
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([4, 6] as const)('every length of family %i around one address', (family) => {
    const width = addressWidth(family);
    const address = {
      family,
      value: 0x2a5f_9c31_6d77_e0b4_5a5a_c3c3_9696_f00dn % 2n ** BigInt(width),
    };
    const list = Array.from({ length: width + 1 }, (_, length) => prefixOf(address, length));
    const find = trieOf(family, list);
    for (let bit = 0; bit <= width; bit++) {
      // The address with one bit turned has all bits before it in common: only prefixes that long cover it.
      const turned = bit === width ? 0n : 1n << BigInt(width - 1 - bit);
      const found = find({ family, value: address.value ^ turned });
      expect(found).toEqual(list[bit]);
    }
  });

  it.each([4, 6] as const)('3,000 prefixes of family %i spread over all addresses', (family) => {
    const width = addressWidth(family);
    const random = randomBits(family);
    const list = distinct(
      Array.from({ length: 3000 }, () =>
        prefixOf({ family, value: random(width) }, Number(random(width)) % (width + 1)),
      ),
    );
    const find = trieOf(family, list);
    for (let i = 0; i < 500; i++) {
      const near = list[Number(random(32)) % list.length]!;
      const address = { family, value: i % 2 === 0 ? random(width) : near.value ^ random(3) };
      expectSame(address, find(address), longest(list, address));
    }
  });

  it('nothing is found beside the only prefix', () => {
    const [only] = prefixes('198.51.100.64/26') as [Prefix];
    const find = trieOf(4, [only]);
    expect(edges(only).map(find)).toEqual([undefined, only, only, undefined]);
  });
});

/** A policy written by hand: what the trie finds is a cover with one peer, and the side has one rule for each. */
function trieOf(family: 4 | 6, list: readonly Prefix[]): (address: Address) => Prefix | undefined {
  const writer = createWriter();
  reserve(writer, IMAGE_HEADER);
  const set = reserve(writer, SET_SIZE);
  const side = set + (INGRESS * 2 + (family === 6 ? 1 : 0)) * SIDE_SIZE;
  const entries = list.map((prefix, index) => {
    const cover = reserve(writer, COVER_HEADER + 4);
    putU32(writer, cover + COVER_COUNT, 1);
    putU32(writer, cover + COVER_HEADER, index + 1);
    return { prefix, value: cover };
  });
  const peers = { all: [], numberOf: ({ index }: ResolvedRule) => index + 1 };
  const context = { peers, written: new Map<string, number>() };
  writePart(writer, side + SIDE_PART, list.map(ruleFor), family, context);
  putU32(writer, family === 4 ? IMAGE_PEERS4 : IMAGE_PEERS6, writeTrie(writer, entries));
  putU32(writer, IMAGE_SETS, set);
  const match = load(writer.bytes.subarray(0, writer.size));
  return (remote) => {
    const found = match(0, { direction: 'ingress', remote, protocol: 6, port: 80 });
    expect(found.length).toBeLessThan(2);
    return found[0] === undefined ? undefined : list[found[0]];
  };
}

function ruleFor(prefix: Prefix, index: number): ResolvedRule {
  const rule: Rule = {
    id: `sg-1:${index + 1}`,
    groupId: 'sg-1',
    direction: 'ingress',
    traffic: { kind: 'all' },
    peer: { kind: 'cidr', prefix },
    place: '',
  };
  return { rule, index, prefixes: [prefix] };
}

function longest(list: readonly Prefix[], address: Address): Prefix | undefined {
  return list
    .filter((prefix) => prefixContains(prefix, address))
    .reduce<Prefix | undefined>(
      (a, b) => (a !== undefined && a.length > b.length ? a : b),
      undefined,
    );
}

function expectSame(address: Address, found: Prefix | undefined, wanted: Prefix | undefined): void {
  if (found === wanted) return;
  const text = (prefix: Prefix | undefined) =>
    prefix === undefined ? 'none' : formatPrefix(prefix);
  expect(`${formatAddress(address)}: ${text(found)}`).toBe(
    `${formatAddress(address)}: ${text(wanted)}`,
  );
}

/** Prefixes of any length around addresses that differ in few bits. */
function nested(family: 4 | 6): fc.Arbitrary<Prefix[]> {
  const width = addressWidth(family);
  const base = 0xc633_6400_0000_0000_0000_0000_0000_0000n >> BigInt(128 - width);
  const bit = fc.nat(width - 1).map((place) => 1n << BigInt(place));
  const value = fc
    .array(bit, { maxLength: 3 })
    .map((turned) => turned.reduce((sum, each) => sum ^ each, base));
  return fc
    .array(
      fc.tuple(value, fc.nat(width)).map(([at, length]) => prefixOf({ family, value: at }, length)),
      { minLength: 1, maxLength: 40, size: 'max' },
    )
    .map(distinct);
}

function distinct(list: readonly Prefix[]): Prefix[] {
  return [...new Map(list.map((prefix) => [formatPrefix(prefix), prefix])).values()];
}

/** The last address before a prefix, its first and last, and the first behind it. */
function edges({ family, value, length }: Prefix): Address[] {
  const width = BigInt(addressWidth(family));
  const last = value + (1n << (width - BigInt(length))) - 1n;
  return [value - 1n, value, last, last + 1n]
    .filter((edge) => edge >= 0n && edge < 1n << width)
    .map((edge) => ({ family, value: edge }));
}

/** A repeatable source of numbers of `bits` bits. */
function randomBits(seed: number): (bits: number) => bigint {
  let state = BigInt(seed);
  const next = (): bigint => {
    // SplitMix64
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let x = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    x = BigInt.asUintN(64, (x ^ (x >> 27n)) * 0x94d049bb133111ebn);
    return x ^ (x >> 31n);
  };
  return (bits) => BigInt.asUintN(bits, (next() << 64n) | next());
}
