import { addressWidth, parsePrefix, prefixContains } from '../model/address.js';
import type { Address, Prefix } from '../model/address.js';
import type { IpPacket } from '../model/packet.js';
import { ICMPV6 } from '../model/protocol.js';
import type { Direction } from '../model/security-group.js';
import type { ExemptPolicy } from '../model/tracking.js';
import type { ResolvedInterface } from '../policy/resolve.js';

/** The interface's own side of a packet: its source on egress, its destination on ingress. */
export function localAddress({ source, destination }: IpPacket, direction: Direction): Address {
  return direction === 'egress' ? source : destination;
}

/** The other side: destination on egress, source on ingress. */
export function remoteAddress({ source, destination }: IpPacket, direction: Direction): Address {
  return direction === 'egress' ? destination : source;
}

/** NF-3: neighbor discovery (RFC 4861) and multicast listener discovery (RFC 2710, RFC 3810). */
export function isNeighborDiscovery({ source, protocol, transport }: IpPacket): boolean {
  if (source.family !== 6 || protocol !== ICMPV6 || transport?.kind !== 'icmp') return false;
  return NEIGHBOR_DISCOVERY_TYPES.has(transport.type);
}

/** What security groups do not filter (NF-1): DHCP, or an address and what it is. */
export type Exemption =
  | { readonly kind: 'dhcp' }
  | { readonly kind: 'service' | 'subnet' | 'resolver'; readonly address: Address };

/** NF-1 for a frame that no interface sent or receives: only the addresses and ports can tell. */
export function exemptionAnywhere(packet: IpPacket, scope: ExemptPolicy): Exemption | undefined {
  const { source, destination } = packet;
  if (isDhcp(packet)) return { kind: 'dhcp' };
  if (isMulticast(destination) || isLimitedBroadcast(destination)) return undefined;
  const address = [source, destination].find((end) => isExemptRange(end, scope));
  return address && { kind: 'service', address };
}

/** NF-1: Amazon services, DHCP and the VPC router, as one interface sees them. */
export function exemptionAt(
  at: ResolvedInterface,
  packet: IpPacket,
  direction: Direction,
  scope: ExemptPolicy,
): Exemption | undefined {
  const address = remoteAddress(packet, direction);
  if (isExemptRange(address, scope)) return { kind: 'service', address };
  if (isDhcp(packet)) return { kind: 'dhcp' };
  if (at.subnetPrefixes.some((subnet) => isReserved(subnet, address, scope))) {
    return { kind: 'subnet', address };
  }
  return isVpcResolver(at, address) ? { kind: 'resolver', address } : undefined;
}

/** Name of the service that has an address, or of the range that it is in. */
export function serviceName(address: Address): string {
  const service = SERVICES.find(({ ranges }) => isWithin(ranges, address));
  if (service !== undefined) return service.name;
  return isLinkLocal(address) ? 'link-local' : "in the range of Amazon's services";
}

/** NF-4: a VPC carries no multicast and no broadcast. */
export function isUnsupportedByVpc(at: ResolvedInterface, destination: Address): boolean {
  return isMulticast(destination) || isBroadcast(at, destination);
}

/**
 * Local addresses that NI-3 lets pass although the interface does not hold them: those of a host without an
 * address yet, link-local ones, and on ingress those that NF-4 drops with a better reason.
 */
export function isBeyondCheck(
  at: ResolvedInterface,
  local: Address,
  direction: Direction,
): boolean {
  if (local.value === 0n || isLinkLocal(local)) return true;
  return direction === 'ingress' && isUnsupportedByVpc(at, local);
}

const NEIGHBOR_DISCOVERY_TYPES = new Set([130, 131, 132, 143, 133, 134, 135, 136, 137]);

const LINK_LOCAL = prefixes('169.254.0.0/16', 'fe80::/10');
const AMAZON_SERVICES = prefixes('fd00:ec2::/32');
const MULTICAST = prefixes('224.0.0.0/4', 'ff00::/8');
const LIMITED_BROADCAST = prefixes('255.255.255.255/32');

/** The services' own addresses (section 4). */
const SERVICES: readonly { readonly name: string; readonly ranges: readonly Prefix[] }[] = [
  { name: 'Amazon DNS', ranges: prefixes('169.254.169.253', 'fd00:ec2::253') },
  { name: 'instance metadata', ranges: prefixes('169.254.169.254', 'fd00:ec2::254') },
  { name: 'Amazon Time Sync', ranges: prefixes('169.254.169.123', 'fd00:ec2::123') },
  {
    name: 'Windows activation',
    ranges: prefixes('169.254.169.249', '169.254.169.250', '169.254.169.251', 'fd00:ec2::250'),
  },
  { name: 'ECS task metadata', ranges: prefixes('169.254.170.2') },
  { name: 'EKS Pod Identity', ranges: prefixes('169.254.170.23', 'fd00:ec2::23') },
  { name: 'link-local', ranges: prefixes('fe80::/10') },
];

function isExemptRange(address: Address, scope: ExemptPolicy): boolean {
  if (scope === 'services') return SERVICES.some(({ ranges }) => isWithin(ranges, address));
  return isLinkLocal(address) || isWithin(AMAZON_SERVICES, address);
}

function isLinkLocal(address: Address): boolean {
  return isWithin(LINK_LOCAL, address);
}

export function isMulticast(address: Address): boolean {
  return isWithin(MULTICAST, address);
}

function isLimitedBroadcast(address: Address): boolean {
  return isWithin(LIMITED_BROADCAST, address);
}

function isBroadcast({ subnetPrefixes }: ResolvedInterface, address: Address): boolean {
  return (
    isLimitedBroadcast(address) ||
    subnetPrefixes.some((subnet) => subnet.family === 4 && isLastAddress(subnet, address))
  );
}

/** Ports of BOOTP/DHCP (RFC 2131) and DHCPv6 (RFC 8415), on both sides. */
function isDhcp({ source, transport }: IpPacket): boolean {
  if (transport?.kind !== 'udp') return false;
  const [client, server] = source.family === 4 ? [68, 67] : [546, 547];
  return [transport.sourcePort, transport.destinationPort].every(
    (port) => port === client || port === server,
  );
}

/** The subnet's first four addresses, or the router's alone. */
function isReserved(subnet: Prefix, address: Address, scope: ExemptPolicy): boolean {
  if (!prefixContains(subnet, address)) return false;
  const position = address.value - subnet.value;
  return scope === 'services' ? position === 1n : position < 4n;
}

function isVpcResolver({ primaryVpcPrefix }: ResolvedInterface, address: Address): boolean {
  return (
    primaryVpcPrefix !== undefined &&
    address.family === 4 &&
    address.value === primaryVpcPrefix.value + 2n
  );
}

function isLastAddress(subnet: Prefix, address: Address): boolean {
  const size = 1n << BigInt(addressWidth(subnet.family) - subnet.length);
  return address.family === subnet.family && address.value === subnet.value + size - 1n;
}

function isWithin(ranges: readonly Prefix[], address: Address): boolean {
  return ranges.some((range) => prefixContains(range, address));
}

function prefixes(...texts: string[]): Prefix[] {
  return texts.map((text) => parsePrefix(text)!.prefix);
}
