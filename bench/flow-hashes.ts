import type { FlowRecord } from '../src/generate/flow-records.js';

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

/** The hash of kernel/flow-key.ts once more, as an attacker would have it: of inbound IPv4 UDP flows at interface 1. */
export function createFlowHash(seed: bigint, local: number): (flow: FlowRecord) => number {
  const [sum, toLocal, toRemote, toPorts, toScope] = [1n, 2n, 3n, 4n, 5n].map((place) =>
    secret(seed, place),
  );
  const spread = secret(seed, 12n) | 1n;
  const scope = BigInt((1 << 11) | 17);
  const begun = sum! + word(local) * toLocal! + scope * toScope!;
  return ({ source, sourcePort, destinationPort }) => {
    const ports = word((destinationPort << 16) | sourcePort);
    const x = u64(begun + word(source) * toRemote! + ports * toPorts!);
    return Number(u64((x ^ (x >> 32n)) * spread) >> 32n);
  };
}

const word = (value: number): bigint => BigInt(value >>> 0);

function secret(seed: bigint, place: bigint): bigint {
  let x = u64(seed + place * 0x9e37_79b9_7f4a_7c15n);
  x = u64((x ^ (x >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
  x = u64((x ^ (x >> 27n)) * 0x94d0_49bb_1331_11ebn);
  return x ^ (x >> 31n);
}
