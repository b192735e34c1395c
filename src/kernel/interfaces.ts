import {
  ADDRESS_SLOT_SIZE,
  FLAG_MAC,
  IMAGE_ADDRESS_MASK,
  IMAGE_ADDRESS_SLOTS,
  IMAGE_DELEGATED4,
  IMAGE_DELEGATED6,
  IMAGE_INTERFACES,
  IMAGE_MAC_MASK,
  IMAGE_MAC_SLOTS,
  INTERFACE_SIZE,
  MAC_SLOT_SIZE,
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
  // From INTERFACE_IDLE on: the idle limit of each state.
}

let interfaces: usize = 0;
let addressSlots: usize = 0;
let addressMask: u32 = 0;
let macSlots: usize = 0;
let macMask: u32 = 0;
let image: usize = 0;

export function setupInterfaces(at: usize): void {
  image = at;
  interfaces = at + load<u32>(at, IMAGE_INTERFACES);
  addressSlots = at + load<u32>(at, IMAGE_ADDRESS_SLOTS);
  addressMask = load<u32>(at, IMAGE_ADDRESS_MASK);
  const macs = load<u32>(at, IMAGE_MAC_SLOTS);
  macSlots = macs == 0 ? 0 : at + macs;
  macMask = load<u32>(at, IMAGE_MAC_MASK);
}

export function interfaceOf(eni: u32): Interface {
  return changetype<Interface>(interfaces + <usize>(eni - 1) * INTERFACE_SIZE);
}

/** The interface that holds an address, itself or in a delegated prefix (NI-2, NI-5). */
export function holderOf(v6: bool, hi: u64, lo: u64): u32 {
  let at = addressHash(hi, lo) & addressMask;
  while (true) {
    const slot = addressSlots + <usize>at * ADDRESS_SLOT_SIZE;
    const holder = load<u32>(slot, 20);
    if (holder == 0) break;
    if (load<u64>(slot, 8) == lo && load<u64>(slot) == hi && load<u32>(slot, 16) == u32(v6)) {
      return holder;
    }
    at = (at + 1) & addressMask;
  }
  const delegated = v6 ? load<u32>(image, IMAGE_DELEGATED6) : load<u32>(image, IMAGE_DELEGATED4);
  if (delegated == 0) return 0;
  return v6 ? lookupPrefix(image, delegated, hi, lo) : lookupPrefix(image, delegated, lo << 32, 0);
}

/** The interface whose MAC address this is. */
export function ownerOfMac(row: Row, mac: u64): u32 {
  if (macSlots == 0 || !(row.flags & FLAG_MAC)) return 0;
  let at = addressHash(mac, 0) & macMask;
  while (true) {
    const slot = macSlots + <usize>at * MAC_SLOT_SIZE;
    const owner = load<u32>(slot, 8);
    if (owner == 0 || load<u64>(slot) == mac) return owner;
    at = (at + 1) & macMask;
  }
}

/** Position of an address in its table; compile/ fills the table by the same function. */
function addressHash(hi: u64, lo: u64): u32 {
  const x = (hi ^ rotl<u64>(lo, 32)) * 0x9e3779b97f4a7c15;
  return <u32>((x ^ (x >> 29)) >> 32);
}
