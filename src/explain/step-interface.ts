import { formatAddress } from '../model/address.js';
import type { Address } from '../model/address.js';
import type { IpPacket, Packet } from '../model/packet.js';
import type { ResolvedInterface } from '../policy/resolve.js';
import { hasPrivateAddress } from './peer-identity.js';
import { type Exemption, isMulticast, localAddress, serviceName } from './reference-exempt.js';
import type { Telling, Told } from './telling.js';

/** Who holds source and destination: `10.40.1.25 is eni-0app, 10.40.7.9 is eni-0db`. */
export function tellHolders(
  { sourceMac, destinationMac }: Packet,
  { source, destination }: IpPacket,
  sender: ResolvedInterface | undefined,
  receiver: ResolvedInterface | undefined,
): string {
  if (sender !== undefined && sender === receiver) {
    const both = `${formatAddress(source)} and ${formatAddress(destination)}`;
    return `${both} are both ${nameOf(sender)}: the packet does not leave it`;
  }
  const from = holderText(source, sender, sourceMac, 'sent by');
  return `${from}, ${holderText(destination, receiver, destinationMac, 'sent to')}`;
}

function holderText(
  address: Address,
  holder: ResolvedInterface | undefined,
  mac: string | undefined,
  how: string,
): string {
  const text = formatAddress(address);
  if (holder === undefined) return `no interface has ${text}`;
  return hasPrivateAddress(holder.eni, address)
    ? `${text} is ${nameOf(holder)}`
    : `${text} is ${how} ${nameOf(holder)}, by MAC address ${macText(mac!)}`;
}

function nameOf({ eni: { id, name } }: ResolvedInterface): string {
  return name === undefined || name === id ? id : `${id} (${name})`;
}

function macText(mac: string): string {
  return mac.replace(/(..)(?=.)/g, '$1:');
}

/** NI-3: a line where it drops, or would if it were on; else none. */
export function tellSourceDestCheck({ at, ip, direction, finding }: Telling): Told {
  const local = localAddress(ip, direction);
  const end = direction === 'egress' ? 'source' : 'destination';
  const foreign = `${end} ${formatAddress(local)} is not an address of ${at.eni.id}`;
  if (finding !== undefined) return { text: `${foreign}, and its source/destination check is on` };
  return hasPrivateAddress(at.eni, local) || at.eni.sourceDestCheck
    ? undefined
    : { text: `${foreign}, but its source/destination check is off` };
}

/** NF-1: what service, or range. */
export function exemptText(exemption: Exemption): string {
  if (exemption.kind === 'dhcp') return 'DHCP is not filtered';
  const address = formatAddress(exemption.address);
  switch (exemption.kind) {
    case 'service':
      return `${address} is ${serviceName(exemption.address)}, which is not filtered`;
    case 'subnet':
      return `${address} is reserved in the subnet for the VPC router, which is not filtered`;
    case 'resolver':
      return `${address} is the DNS resolver of the VPC, which is not filtered`;
  }
}

/** NF-4. */
export function tellMulticast({ ip, finding }: Telling): Told {
  if (finding === undefined) return undefined;
  return { text: multicastText(ip.destination) };
}

export function multicastText(address: Address): string {
  const kind = isMulticast(address) ? 'multicast' : 'broadcast';
  return `${formatAddress(address)} is a ${kind} address, and a VPC carries no ${kind}`;
}

/** SG-7. */
export function tellGroups({ policy, at, finding }: Telling): Told {
  if (finding !== undefined) return { text: 'no security groups: not filtered' };
  return { text: policy.sets[at.set!]!.groupIds.join(', ') };
}
