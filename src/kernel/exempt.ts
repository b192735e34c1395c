import { Interface } from './interfaces';
import {
  EGRESS,
  EXEMPT_SERVICES,
  FLAG_IPV6,
  FLAG_TRANSPORT,
  SUBNET_FAMILY,
  SUBNET_FIRST,
  SUBNET_LENGTH,
  SUBNET_SIZE,
} from './layout';
import { exempt } from './policy';
import { ICMPV6, UDP } from './protocol';
import { Row } from './row';

// What security groups do not see: section 4 of the semantics.

/** Neighbour discovery and multicast listener discovery: the VPC answers them itself (NF-3). */
export function isNeighborDiscovery(row: Row): bool {
  const wanted = FLAG_IPV6 | FLAG_TRANSPORT;
  if ((row.flags & wanted) != wanted || row.protocol != ICMPV6) return false;
  const type = row.destinationPort >> 8;
  return (type >= 130 && type <= 137) || type == 143;
}

/** Link-local and the VPC's IPv6 service addresses (NF-1). */
function isExemptRange(v6: bool, hi: u64, lo: u64): bool {
  if (exempt == EXEMPT_SERVICES) return isService(v6, hi, lo);
  if (!v6) return (<u32>lo) >> 16 == 0xa9fe;
  return hi >> 32 == 0xfd000ec2 || hi >> 54 == 0x3fa;
}

/** Addresses of the services themselves: DNS, metadata, time, Windows activation, ECS and EKS; the IPv6 router. */
function isService(v6: bool, hi: u64, lo: u64): bool {
  if (v6) {
    if (hi >> 54 == 0x3fa) return true;
    if (hi != 0xfd000ec200000000) return false;
    return lo == 0x253 || lo == 0x254 || lo == 0x123 || lo == 0x250 || lo == 0x23;
  }
  const low = (<u32>lo) & 0xffff;
  if ((<u32>lo) >> 16 != 0xa9fe) return false;
  if (low == 0xaa02 || low == 0xaa17) return true; // 169.254.170.2, .23
  return low == 0xa9fd || low == 0xa9fe || low == 0xa97b || (low >= 0xa9f9 && low <= 0xa9fb);
}

/** DHCP and DHCPv6, by port (NF-1). */
function isDhcp(row: Row): bool {
  if (row.protocol != UDP || !(row.flags & FLAG_TRANSPORT)) return false;
  const low: u16 = row.flags & FLAG_IPV6 ? 546 : 67;
  return row.sourcePort - low <= 1 && row.destinationPort - low <= 1;
}

/** Multicast, or IPv4 limited broadcast (NF-4). */
export function isMulticast(v6: bool, hi: u64, lo: u64): bool {
  return v6 ? hi >> 56 == 0xff : (<u32>lo) >> 28 == 14 || <u32>lo == 0xffffffff;
}

/** Addresses that pass the source/destination check of any interface: unspecified and link-local. */
export function isLinkScoped(v6: bool, hi: u64, lo: u64): bool {
  if (!v6) return <u32>lo == 0 || (<u32>lo) >> 16 == 0xa9fe;
  return (hi | lo) == 0 || hi >> 54 == 0x3fa;
}

/** Exempt at one interface: by range, DHCP, its subnet's first four addresses, its VPC's resolver (NF-1). */
export function isExemptAt(image: usize, eni: Interface, row: Row, direction: u32): bool {
  const v6 = (row.flags & FLAG_IPV6) != 0;
  const hi = direction == EGRESS ? row.destinationHi : row.sourceHi;
  const lo = direction == EGRESS ? row.destinationLo : row.sourceLo;
  if (isExemptRange(v6, hi, lo) || isDhcp(row)) return true;
  if (!v6 && eni.resolver != 0 && <u32>lo == eni.resolver) return true;
  for (let i: u32 = 0; i < eni.subnetCount; i++) {
    const subnet = image + eni.subnets + <usize>i * SUBNET_SIZE;
    if (load<u32>(subnet, SUBNET_FAMILY) != (v6 ? 6 : 4)) continue;
    if (exempt == EXEMPT_SERVICES) {
      // The router alone: base + 1.
      if (load<u64>(subnet, SUBNET_FIRST) == hi && lo - load<u64>(subnet, SUBNET_FIRST + 8) == 1) {
        return load<u32>(subnet, SUBNET_LENGTH) < (v6 ? 128 : 32);
      }
      continue;
    }
    // The first four addresses; a block of fewer has no more than its own.
    const hostBits = (v6 ? 128 : 32) - load<u32>(subnet, SUBNET_LENGTH);
    const reserved = (<u64>1) << min<u32>(hostBits, 2);
    const past = lo - load<u64>(subnet, SUBNET_FIRST + 8);
    if (load<u64>(subnet, SUBNET_FIRST) == hi && past < reserved) return true;
  }
  return false;
}

/** Exempt whatever the interface: for packets whose interface nobody described. */
export function isExemptAnywhere(row: Row, v6: bool): bool {
  if (isDhcp(row)) return true;
  if (isMulticast(v6, row.destinationHi, row.destinationLo)) return false;
  return (
    isExemptRange(v6, row.sourceHi, row.sourceLo) ||
    isExemptRange(v6, row.destinationHi, row.destinationLo)
  );
}

/** Last address of an IPv4 block of the interface's subnet. */
export function isSubnetBroadcast(image: usize, eni: Interface, v6: bool, lo: u64): bool {
  if (v6) return false;
  for (let i: u32 = 0; i < eni.subnetCount; i++) {
    const subnet = image + eni.subnets + <usize>i * SUBNET_SIZE;
    if (load<u32>(subnet, SUBNET_FAMILY) != 4) continue;
    const size = (<u64>1) << (32 - load<u32>(subnet, SUBNET_LENGTH));
    if (lo == load<u64>(subnet, SUBNET_FIRST + 8) + size - 1) return true;
  }
  return false;
}
