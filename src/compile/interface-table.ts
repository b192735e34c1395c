import {
  ADDRESS_SLOT_SIZE,
  IMAGE_ADDRESS_MASK,
  IMAGE_ADDRESS_SLOTS,
  IMAGE_DELEGATED4,
  IMAGE_DELEGATED6,
  IMAGE_INTERFACES,
  IMAGE_INTERFACE_COUNT,
  IMAGE_MAC_MASK,
  IMAGE_MAC_SLOTS,
  INTERFACE_CHECK,
  INTERFACE_IDLE,
  INTERFACE_RESOLVER,
  INTERFACE_SET,
  INTERFACE_SIZE,
  INTERFACE_SUBNETS,
  INTERFACE_SUBNET_COUNT,
  MAC_SLOT_SIZE,
  NONE,
  SUBNET_FAMILY,
  SUBNET_FIRST,
  SUBNET_LENGTH,
  SUBNET_SIZE,
} from '../kernel/layout.js';
import type { ResolvedInterface } from '../policy/resolve.js';
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
  interfaces.forEach((each, i) => writeInterface(writer, first + i * INTERFACE_SIZE, each));
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

function writeInterface(writer: ImageWriter, at: number, each: ResolvedInterface): void {
  putU32(writer, at + INTERFACE_SET, each.set ?? NONE);
  putU32(writer, at + INTERFACE_CHECK, each.eni.sourceDestCheck ? 1 : 0);
  writeIdleLimits(writer, at + INTERFACE_IDLE, each.idleSeconds);
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
  const total = interfaces.reduce((sum, { eni }) => sum + eni.addresses.length, 0);
  const mask = slotMask(total);
  const slots = reserve(writer, (mask + 1) * ADDRESS_SLOT_SIZE);
  interfaces.forEach(({ eni }, i) => {
    for (const address of eni.addresses) {
      const { hi, lo } = rowKey(address);
      const slot = freeSlot(writer, slots, ADDRESS_SLOT_SIZE, 20, mask, addressHash(hi, lo));
      putU64(writer, slot, hi);
      putU64(writer, slot + 8, lo);
      putU32(writer, slot + 16, address.family === 6 ? 1 : 0);
      putU32(writer, slot + 20, i + 1);
    }
  });
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
  const mask = slotMask(single.length);
  const slots = reserve(writer, (mask + 1) * MAC_SLOT_SIZE);
  for (const [mac, numbers] of single) {
    const value = BigInt(`0x${mac}`);
    const slot = freeSlot(writer, slots, MAC_SLOT_SIZE, 8, mask, addressHash(value, 0n));
    putU64(writer, slot, value);
    putU32(writer, slot + 8, numbers[0]!);
  }
  putU32(writer, header + IMAGE_MAC_SLOTS, slots);
  putU32(writer, header + IMAGE_MAC_MASK, mask);
}

/** At most half full, so that a miss ends soon. */
function slotMask(count: number): number {
  let slots = 4;
  while (slots < count * 2 + 1) slots *= 2;
  return slots - 1;
}

function freeSlot(
  writer: ImageWriter,
  slots: number,
  size: number,
  number: number,
  mask: number,
  hash: number,
): number {
  let at = hash & mask;
  while (writer.view.getUint32(slots + at * size + number, true) !== 0) at = (at + 1) & mask;
  return slots + at * size;
}

/** The kernel's `addressHash`. */
function addressHash(hi: bigint, lo: bigint): number {
  const wide = (value: bigint): bigint => BigInt.asUintN(64, value);
  const x = wide((hi ^ wide((lo << 32n) | (lo >> 32n))) * 0x9e3779b97f4a7c15n);
  return Number((x ^ (x >> 29n)) >> 32n);
}
