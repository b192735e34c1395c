import type { Seed } from './seeds.js';
import { boundariesOf } from './boundaries.js';

/** Numbers from 0 up to 1. */
export type Random = () => number;

/** One of `seeds` in which one thing or several were changed; pieces of `others` may be put in. */
export function mutate(
  random: Random,
  seeds: readonly Seed[],
  others: readonly Seed[] = seeds,
): Uint8Array {
  const seed = pick(random, seeds);
  let bytes: Uint8Array = startOf(random, seed.bytes);
  const changes = 1 + below(random, random() < 0.2 ? 12 : 4);
  for (let i = 0; i < changes; i++) bytes = pick(random, CHANGES)(random, bytes, others);
  return bytes.subarray(0, BYTES_MAX);
}

const BYTES_MAX = 131_072;

/** Mostly the first few records: what they say is what all say. */
function startOf(random: Random, bytes: Uint8Array): Uint8Array {
  const most = random() < 0.03 ? bytes.length : 256 << below(random, 5);
  if (bytes.length <= most) return bytes.slice();
  const boundaries = boundariesOf(bytes).filter((at) => at <= most);
  return bytes.slice(0, boundaries.at(-1) ?? most);
}

type Change = (random: Random, bytes: Uint8Array, seeds: readonly Seed[]) => Uint8Array;

/** Values at which lengths, counts and times turn into something else. */
const TURNING = [
  ...[
    0, 1, 2, 3, 4, 7, 8, 11, 12, 13, 15, 16, 19, 20, 27, 28, 31, 32, 40, 60, 63, 64, 127, 128, 255,
  ],
  ...[256, 1500, 1501, 4096, 0x7fff, 0x8000, 0xfffc, 0xffff, 0x10000, 262143, 262144, 262145],
  ...[524287, 524288, 524289, 0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffc, 0xffffffff],
];
/** Headers that hold others of their kind, extension headers, options. */
const TELLING = [
  0x0800, 0x86dd, 0x8100, 0x88a8, 0x8847, 0x8864, 0x6558, 0x894f, 0x88e5, 0x22f3, 0x88be,
];
const PROTOCOLS = [0, 1, 4, 6, 17, 41, 43, 44, 47, 51, 58, 60, 132, 136];

const flipBit: Change = (random, bytes) => {
  if (bytes.length > 0) bytes[place(random, bytes)]! ^= 1 << below(random, 8);
  return bytes;
};

const setByte: Change = (random, bytes) => {
  if (bytes.length > 0) {
    bytes[place(random, bytes)] = random() < 0.3 ? pick(random, PROTOCOLS) : below(random, 256);
  }
  return bytes;
};

const setNumber: Change = (random, bytes) => {
  const size = pick(random, [1, 2, 4]);
  if (bytes.length < size) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wanted = place(random, bytes);
  const at = Math.min(random() < 0.7 ? wanted & ~(size - 1) : wanted, bytes.length - size);
  const little = random() < 0.5;
  const value = random() < 0.15 ? pick(random, TELLING) : pick(random, TURNING);
  if (size === 1) view.setUint8(at, value & 0xff);
  else if (size === 2) view.setUint16(at, value & 0xffff, little);
  else view.setUint32(at, value, little);
  return bytes;
};

/** A length that is a little off. */
const addToNumber: Change = (random, bytes) => {
  if (bytes.length < 4) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = Math.min(place(random, bytes) & ~3, bytes.length - 4);
  const little = random() < 0.5;
  view.setUint32(at, view.getUint32(at, little) + below(random, 33) - 16, little);
  return bytes;
};

const swapBytes: Change = (random, bytes) => {
  if (bytes.length < 4) return bytes;
  const at = Math.min(place(random, bytes) & ~3, bytes.length - 4);
  bytes.subarray(at, at + (random() < 0.3 ? 2 : 4)).reverse();
  return bytes;
};

const cut: Change = (random, bytes) => bytes.slice(0, below(random, bytes.length + 1));

const remove: Change = (random, bytes) => {
  const [from, to] = range(random, bytes);
  return joined(bytes.subarray(0, from), bytes.subarray(to));
};

const repeat: Change = (random, bytes) => {
  const [from, to] = range(random, bytes);
  const times = 1 + below(random, random() < 0.1 ? 40 : 3);
  const copies = Array.from({ length: times }, () => bytes.subarray(from, to));
  return joined(bytes.subarray(0, to), ...copies, bytes.subarray(to)).slice(0, BYTES_MAX);
};

const move: Change = (random, bytes) => {
  const [from, to] = range(random, bytes);
  const rest = joined(bytes.subarray(0, from), bytes.subarray(to));
  const [at] = range(random, rest);
  return joined(rest.subarray(0, at), bytes.subarray(from, to), rest.subarray(at));
};

/** The beginning of this one, and a piece of another. */
const splice: Change = (random, bytes, seeds) => {
  const other = pick(random, seeds).bytes;
  const [at] = range(random, bytes);
  const [from, to] = range(random, other.subarray(0, 8192));
  const tail = random() < 0.5 ? bytes.subarray(at) : new Uint8Array(0);
  return joined(bytes.subarray(0, at), other.subarray(from, to), tail).slice(0, BYTES_MAX);
};

const CHANGES: readonly Change[] = [
  ...[flipBit, flipBit, setByte, setByte, setNumber, setNumber, setNumber, addToNumber],
  ...[swapBytes, cut, remove, repeat, move, splice],
];

/** Two places in a capture; mostly where records begin. */
function range(random: Random, bytes: Uint8Array): [from: number, to: number] {
  const boundaries = random() < 0.7 ? boundariesOf(bytes) : [];
  const one = boundaries.length > 0 ? pick(random, boundaries) : below(random, bytes.length + 1);
  const length = random() < 0.5 ? below(random, 64) : below(random, 2048);
  const next = boundaries.find((at) => at > one);
  return [one, Math.min(bytes.length, next !== undefined && random() < 0.6 ? next : one + length)];
}

/** The beginnings of files and records say more than what is in the middle. */
function place(random: Random, bytes: Uint8Array): number {
  const chance = random();
  if (chance < 0.15) return below(random, Math.min(64, bytes.length));
  if (chance < 0.75) {
    const boundaries = boundariesOf(bytes);
    if (boundaries.length > 0) {
      return Math.min(bytes.length - 1, pick(random, boundaries) + below(random, 120));
    }
  }
  return below(random, bytes.length);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export const below = (random: Random, end: number): number => Math.floor(random() * end);

export function pick<Item>(random: Random, from: readonly Item[]): Item {
  return from[below(random, from.length)]!;
}
