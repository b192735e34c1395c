import type { FlowRecord } from '../src/generate/flow-records.js';

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

/** The hash of kernel/flow-key.ts once more, as an attacker would have it: of inbound IPv4 UDP flows at interface 1. */
export function createFlowHash(seed: bigint, local: number): (flow: FlowRecord) => number {
  const [one, two, three, four, five] = [1n, 2n, 3n, 4n, 5n].map((place) => secret(seed, place));
  const scope = BigInt((1 << 11) | 17) << 32n;
  let begun = u64(seed * one!);
  begun = u64(((begun ^ (begun >> 32n)) + mapped(local)) * two!);
  return ({ source, sourcePort, destinationPort }) => {
    const ports = BigInt(((destinationPort << 16) | sourcePort) >>> 0);
    let x = u64(((begun ^ (begun >> 29n)) + mapped(source)) * three!);
    x = u64(((x ^ (x >> 32n)) + (scope | ports)) * four!);
    x = u64((x ^ (x >> 32n)) * five!);
    return Number(x >> 32n);
  };
}

/** Low word of ::ffff:a.b.c.d. */
const mapped = (address: number): bigint => 0xffff_0000_0000n | BigInt(address >>> 0);

function secret(seed: bigint, place: bigint): bigint {
  let x = u64(seed + place * 0x9e37_79b9_7f4a_7c15n);
  x = u64((x ^ (x >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
  x = u64((x ^ (x >> 27n)) * 0x94d0_49bb_1331_11ebn);
  return (x ^ (x >> 31n)) | 1n;
}
