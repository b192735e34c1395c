import {
  ADDRESS_SLOT_SIZE,
  IMAGE_ADDRESS_MASK,
  IMAGE_ADDRESS_SLOTS,
  IMAGE_DELEGATED4,
  IMAGE_DELEGATED6,
  IMAGE_INTERFACES,
  IMAGE_INTERFACE_COUNT,
  IMAGE_IPV4_BUCKETS,
  IMAGE_IPV4_SHIFT,
  IMAGE_MAC_BUCKETS,
  IMAGE_MAC_SHIFT,
  INTERFACE_CHECK,
  INTERFACE_IDLE,
  INTERFACE_INSTANCE,
  INTERFACE_RESOLVER,
  INTERFACE_SET,
  INTERFACE_SIZE,
  INTERFACE_SUBNETS,
  INTERFACE_SUBNET_COUNT,
  NONE,
  SUBNET_FAMILY,
  SUBNET_FIRST,
  SUBNET_LENGTH,
  SUBNET_SIZE,
} from '../kernel/layout.js';
import type { Address } from '../model/address.js';
import type { ResolvedInterface } from '../policy/resolve.js';
import { writeBuckets } from './buckets.js';
import { type ImageWriter, putU32, putU64, reserve } from './image-writer.js';
import { rowKey } from './key.js';
import { writeIdleLimits } from './idle-limits.js';
import { writeTrie } from './prefix-trie.js';

/** Writes the interfaces and the three ways to find one: by address, by MAC address, by delegated prefix. */
export function writeInterfaces(
  writer: ImageWriter,
  header: number,
  interfaces: readonly ResolvedInterface[],
): void {
  const first = reserve(writer, interfaces.length * INTERFACE_SIZE);
  putU32(writer, header + IMAGE_INTERFACES, first);
  putU32(writer, header + IMAGE_INTERFACE_COUNT, interfaces.length);
  // An instance is numbered by its first interface.
  const instances = new Map<string, number>();
  const idleLimits = new Map<string, number>();
  interfaces.forEach((each, i) => {
    const { instanceId } = each.eni;
    if (instanceId !== undefined && !instances.has(instanceId)) instances.set(instanceId, i);
    const instance = instanceId === undefined ? i : instances.get(instanceId)!;
    const limits = Object.values(each.idleSeconds).join();
    const idle = idleLimits.get(limits) ?? writeIdleLimits(writer, each.idleSeconds);
    idleLimits.set(limits, idle);
    writeInterface(writer, first + i * INTERFACE_SIZE, each, instance, idle);
  });
  writeAddresses(writer, header, interfaces);
  writeMacs(writer, header, interfaces);
  for (const family of [4, 6] as const) {
    const entries = interfaces.flatMap(({ eni }, i) =>
      eni.delegated
        .filter((prefix) => prefix.family === family)
        .map((prefix) => ({ prefix, value: i + 1 })),
    );
    const root = entries.length === 0 ? 0 : writeTrie(writer, entries);
    putU32(writer, header + (family === 4 ? IMAGE_DELEGATED4 : IMAGE_DELEGATED6), root);
  }
}

function writeInterface(
  writer: ImageWriter,
  at: number,
  each: ResolvedInterface,
  instance: number,
  idle: number,
): void {
  putU32(writer, at + INTERFACE_SET, each.set ?? NONE);
  putU32(writer, at + INTERFACE_INSTANCE, instance);
  putU32(writer, at + INTERFACE_CHECK, each.eni.sourceDestCheck ? 1 : 0);
  putU32(writer, at + INTERFACE_IDLE, idle);
  // The VPC's resolver: base of the primary block plus two.
  const resolver =
    each.primaryVpcPrefix === undefined ? 0 : Number(each.primaryVpcPrefix.value) + 2;
  putU32(writer, at + INTERFACE_RESOLVER, resolver);
  const subnets = reserve(writer, each.subnetPrefixes.length * SUBNET_SIZE);
  putU32(writer, at + INTERFACE_SUBNETS, subnets);
  putU32(writer, at + INTERFACE_SUBNET_COUNT, each.subnetPrefixes.length);
  each.subnetPrefixes.forEach((prefix, i) => {
    const subnet = subnets + i * SUBNET_SIZE;
    const { hi, lo } = rowKey(prefix);
    putU32(writer, subnet + SUBNET_FAMILY, prefix.family);
    putU32(writer, subnet + SUBNET_LENGTH, prefix.length);
    putU64(writer, subnet + SUBNET_FIRST, hi);
    putU64(writer, subnet + SUBNET_FIRST + 8, lo);
  });
}

function writeAddresses(
  writer: ImageWriter,
  header: number,
  interfaces: readonly ResolvedInterface[],
): void {
  // Of two interfaces that claim one address, the first in the documents holds it.
  const ipv4 = new Map<bigint, number>();
  const ipv6 = new Map<bigint, { address: Address; number: number }>();
  interfaces.forEach(({ eni }, i) => {
    for (const address of eni.addresses) {
      const { family, value } = address;
      if (family === 4 && !ipv4.has(value)) ipv4.set(value, i + 1);
      if (family === 6 && !ipv6.has(value)) ipv6.set(value, { address, number: i + 1 });
    }
  });
  const buckets = writeBuckets(
    writer,
    [...ipv4].map(([key, number]) => ({ key, number })),
    'ipv4',
  );
  putU32(writer, header + IMAGE_IPV4_BUCKETS, buckets.offset);
  putU32(writer, header + IMAGE_IPV4_SHIFT, buckets.shift);
  const mask = slotMask(ipv6.size);
  const slots = reserve(writer, (mask + 1) * ADDRESS_SLOT_SIZE);
  for (const { address, number } of ipv6.values()) {
    const { hi, lo } = rowKey(address);
    const slot = freeSlot(writer, slots, mask, addressHash(hi, lo));
    putU64(writer, slot, hi);
    putU64(writer, slot + 8, lo);
    putU32(writer, slot + 16, number);
  }
  putU32(writer, header + IMAGE_ADDRESS_SLOTS, slots);
  putU32(writer, header + IMAGE_ADDRESS_MASK, mask);
}

/** A MAC address that two interfaces share names neither: documents written by hand repeat them. */
function writeMacs(
  writer: ImageWriter,
  header: number,
  interfaces: readonly ResolvedInterface[],
): void {
  const owners = new Map<string, number[]>();
  interfaces.forEach(({ eni }, i) => {
    if (eni.mac !== undefined) owners.set(eni.mac, [...(owners.get(eni.mac) ?? []), i + 1]);
  });
  const single = [...owners].filter(([, numbers]) => numbers.length === 1);
  if (single.length === 0) return;
  const { offset, shift } = writeBuckets(
    writer,
    single.map(([mac, numbers]) => ({ key: BigInt(`0x${mac}`), number: numbers[0]! })),
    'mac',
  );
  putU32(writer, header + IMAGE_MAC_BUCKETS, offset);
  putU32(writer, header + IMAGE_MAC_SHIFT, shift);
}

/** At most half full, so that a miss ends soon. */
function slotMask(count: number): number {
  let slots = 4;
  while (slots < count * 2 + 1) slots *= 2;
  return slots - 1;
}

function freeSlot(writer: ImageWriter, slots: number, mask: number, hash: number): number {
  let at = hash & mask;
  while (writer.view.getUint32(slots + at * ADDRESS_SLOT_SIZE + 16, true) !== 0) {
    at = (at + 1) & mask;
  }
  return slots + at * ADDRESS_SLOT_SIZE;
}

/** The kernel's `addressHash`. */
function addressHash(hi: bigint, lo: bigint): number {
  const wide = (value: bigint): bigint => BigInt.asUintN(64, value);
  const x = wide((hi ^ wide((lo << 32n) | (lo >> 32n))) * 0x9e3779b97f4a7c15n);
  return Number((x ^ (x >> 29n)) >> 32n);
}
