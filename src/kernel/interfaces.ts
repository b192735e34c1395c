import {
  ADDRESS_BUCKET_NUMBERS,
  ADDRESS_BUCKET_SIZE,
  ADDRESS_SLOT_SIZE,
  BUCKET_SIZE,
  FLAG_MAC,
  IMAGE_ADDRESS_MASK,
  IMAGE_ADDRESS_SLOTS,
  IMAGE_DELEGATED4,
  IMAGE_DELEGATED6,
  IMAGE_INTERFACES,
  IMAGE_INTERFACE_COUNT,
  STATES,
  IMAGE_IPV4_BUCKETS,
  IMAGE_IPV4_SHIFT,
  IMAGE_MAC_BUCKETS,
  IMAGE_MAC_SHIFT,
  INTERFACE_IDLE,
  INTERFACE_SIZE,
} from './layout';
import { lookupPrefix } from './prefix-trie';
import { Row } from './row';

// Interfaces are numbered from 1 here, so that 0 is "no interface".

@unmanaged
export class Interface {
  set: u32;
  sourceDestCheck: u32;
  subnets: u32;
  subnetCount: u32;
  resolver: u32;
  instance: u32;
  idle: u32;
}
if (offsetof<Interface>('idle') != INTERFACE_IDLE) ERROR('interface: idle limits');
if (offsetof<Interface>() > <usize>INTERFACE_SIZE) ERROR('interface: size');

let image: usize = 0;
let interfaces: usize = 0;
let addressSlots: usize = 0;
let addressMask: u32 = 0;
let ipv4Buckets: usize = 0;
let ipv4Shift: u64 = 0;
/** 0 when no document tells MAC addresses. */
let macBuckets: usize = 0;
let macShift: u64 = 0;
let delegated: bool = false;

export function setupInterfaces(at: usize): void {
  image = at;
  interfaces = at + load<u32>(at, IMAGE_INTERFACES);
  addressSlots = at + load<u32>(at, IMAGE_ADDRESS_SLOTS);
  addressMask = load<u32>(at, IMAGE_ADDRESS_MASK);
  ipv4Buckets = at + load<u32>(at, IMAGE_IPV4_BUCKETS);
  ipv4Shift = load<u32>(at, IMAGE_IPV4_SHIFT);
  const macs = load<u32>(at, IMAGE_MAC_BUCKETS);
  macBuckets = macs == 0 ? 0 : at + macs;
  macShift = load<u32>(at, IMAGE_MAC_SHIFT);
  delegated = (load<u32>(at, IMAGE_DELEGATED4) | load<u32>(at, IMAGE_DELEGATED6)) != 0;
}

/** Whether anything tells which addresses are the VPC's. */
export function hasInterfaces(): bool {
  return image != 0;
}

export function interfaceOf(eni: u32): Interface {
  return changetype<Interface>(interfaces + <usize>(eni - 1) * INTERFACE_SIZE);
}

/** How long a record in a state lives at an interface without a packet, in nanoseconds. */
export function idleLimit(number: u32, state: u8): i64 {
  return load<i64>(image + interfaceOf(number).idle + ((<usize>state) << 3));
}

/** The shortest of all idle limits, in nanoseconds; of none, 0. */
export function shortestIdleLimit(): i64 {
  let shortest = i64.MAX_VALUE;
  const count = load<u32>(image, IMAGE_INTERFACE_COUNT);
  for (let number: u32 = 1; number <= count; number++) {
    for (let state: u32 = 1; state < <u32>STATES; state++) {
      shortest = min<i64>(shortest, idleLimit(number, <u8>state));
    }
  }
  return count == 0 ? 0 : shortest;
}

/** The interface that holds an address, itself or in a delegated prefix (NI-2, NI-5). */
export function holderOf(v6: bool, hi: u64, lo: u64): u32 {
  const holder = v6 ? holderOfIpv6(hi, lo) : holderOfIpv4(<u32>lo);
  return delegated && holder == 0 ? holderOfPrefix(v6, hi, lo) : holder;
}

/** The interface whose MAC address this is. */
export function ownerOfMac(row: Row, mac: u64): u32 {
  return macBuckets != 0 && row.flags & FLAG_MAC ? ownerIn(macBuckets, macShift, mac) : 0;
}

/** Compares all entries of the key's bucket: at most one is equal, and free ones have no owner. */
function ownerIn(buckets: usize, shift: u64, key: u64): u32 {
  const bucket = buckets + <usize>((key * 0x9e3779b97f4a7c15) >> shift) * BUCKET_SIZE;
  return (
    ownerIfEqual(bucket, key) |
    ownerIfEqual(bucket + 16, key) |
    ownerIfEqual(bucket + 32, key) |
    ownerIfEqual(bucket + 48, key)
  );
}

/** An entry's number, or 0. */
function ownerIfEqual(entry: usize, key: u64): u32 {
  return load<u32>(entry, 8) & (0 - u32(load<u64>(entry) == key));
}

/**
 * Compares the four addresses of a bucket at once, and keeps the number beside the one that is equal: by arithmetic, for no
 * branch could guess it.
 */
function holderOfIpv4(address: u32): u32 {
  const hash = (<u64>address * 0x9e3779b97f4a7c15) >> ipv4Shift;
  const bucket = ipv4Buckets + <usize>hash * ADDRESS_BUCKET_SIZE;
  const equal = i32x4.eq(v128.load(bucket), i32x4.splat(address));
  const owner = v128.and(equal, v128.load(bucket, ADDRESS_BUCKET_NUMBERS));
  const two = i64x2.extract_lane(owner, 0) | i64x2.extract_lane(owner, 1);
  return (<u32>two) | (<u32>(two >> 32));
}

function holderOfIpv6(hi: u64, lo: u64): u32 {
  let at = addressHash(hi, lo) & addressMask;
  while (true) {
    const slot = addressSlots + <usize>at * ADDRESS_SLOT_SIZE;
    const holder = load<u32>(slot, 16);
    if (holder == 0 || (load<u64>(slot, 8) == lo && load<u64>(slot) == hi)) return holder;
    at = (at + 1) & addressMask;
  }
}

function holderOfPrefix(v6: bool, hi: u64, lo: u64): u32 {
  const root = v6 ? load<u32>(image, IMAGE_DELEGATED6) : load<u32>(image, IMAGE_DELEGATED4);
  if (root == 0) return 0;
  return v6 ? lookupPrefix(image, root, hi, lo) : lookupPrefix(image, root, lo << 32, 0);
}

/** Position of an IPv6 address in its table; compile/ fills the table by the same function. */
function addressHash(hi: u64, lo: u64): u32 {
  const x = (hi ^ rotl<u64>(lo, 32)) * 0x9e3779b97f4a7c15;
  return <u32>((x ^ (x >> 29)) >> 32);
}
