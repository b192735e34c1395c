import { formatAddress, prefixContains, type Address } from '../model/address.js';
import type { Edit, Refusal } from '../model/edit.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';
import { refuse, type Applied } from './refusal.js';
import { findTarget, withInterfaces } from './target.js';

type OfKind<Kind> = Extract<Edit, { kind: Kind }>;

/** Gives an interface one more address, secondary if it is IPv4 (NI-2). */
export function attachAddress(
  description: VpcDescription,
  { target, address }: OfKind<'attach-address'>,
): Applied {
  const found = findTarget(description, target);
  if (found.eni === undefined) return found;
  const { eni } = found;
  const refusal = outsideSubnet(description, eni, address);
  if (refusal !== undefined) return { refusal };
  const holder = holderOf(description, eni, address);
  if (holder?.id === eni.id) return alreadyThere(eni, address);
  if (holder !== undefined) return inUse(address);
  return { description: withInterfaces(description, withAddress(eni, address)) };
}

/** Takes an address from an interface. AWS keeps the primary IPv4 address where it is. */
export function detachAddress(
  description: VpcDescription,
  { target, address }: OfKind<'detach-address'>,
): Applied {
  const found = findTarget(description, target);
  if (found.eni === undefined) return found;
  const { eni } = found;
  if (!eni.addresses.some((own) => same(own, address))) {
    const message = `Some of [${formatAddress(address)}] are not assigned to interface ${eni.id}`;
    return refuse('InvalidParameterValue', message);
  }
  if (isPrimary(eni, address)) return keepsPrimary(eni, address);
  return { description: withInterfaces(description, withoutAddress(eni, address)) };
}

/** Gives an interface an address, wherever in the VPC it was: AssignPrivateIpAddresses with AllowReassignment. */
export function moveAddress(
  description: VpcDescription,
  { target, address }: OfKind<'move-address'>,
): Applied {
  const found = findTarget(description, target);
  if (found.eni === undefined) return found;
  const { eni } = found;
  const refusal = outsideSubnet(description, eni, address);
  if (refusal !== undefined) return { refusal };
  const holder = holderOf(description, eni, address);
  if (holder?.id === eni.id) return alreadyThere(eni, address);
  const here = withAddress(eni, address);
  if (holder === undefined) return { description: withInterfaces(description, here) };
  if (isPrimary(holder, address)) return keepsPrimary(holder, address);
  if (!holder.addresses.some((own) => same(own, address))) return inUse(address);
  return { description: withInterfaces(description, here, withoutAddress(holder, address)) };
}

const same = (one: Address, other: Address): boolean =>
  one.family === other.family && one.value === other.value;

/** The interface of the same VPC that has the address, by itself or in a delegated prefix (NI-2, NI-5). */
function holderOf(
  { interfaces }: VpcDescription,
  { vpcId }: NetworkInterface,
  address: Address,
): NetworkInterface | undefined {
  return interfaces.find(
    (eni) =>
      eni.vpcId === vpcId &&
      (eni.addresses.some((own) => same(own, address)) ||
        eni.delegated.some((prefix) => prefixContains(prefix, address))),
  );
}

/** The first IPv4 address (NI-2). */
function isPrimary({ addresses }: NetworkInterface, address: Address): boolean {
  const primary = addresses.find(({ family }) => family === 4);
  return primary !== undefined && same(primary, address);
}

/** In the order of NI-2: IPv4 before IPv6. */
function withAddress(eni: NetworkInterface, address: Address): NetworkInterface {
  const all = [...eni.addresses, address];
  const ofFamily = (wanted: 4 | 6) => all.filter(({ family }) => family === wanted);
  return { ...eni, addresses: [...ofFamily(4), ...ofFamily(6)] };
}

function withoutAddress(eni: NetworkInterface, address: Address): NetworkInterface {
  return { ...eni, addresses: eni.addresses.filter((own) => !same(own, address)) };
}

/** A subnet of which no block of the family is loaded is given the benefit of the doubt. */
function outsideSubnet(
  { subnets }: VpcDescription,
  { subnetId }: NetworkInterface,
  address: Address,
): Refusal | undefined {
  const subnet = subnets.find(({ id }) => id === subnetId);
  const blocks = (subnet?.prefixes ?? []).filter(({ family }) => family === address.family);
  if (blocks.length === 0 || blocks.some((block) => prefixContains(block, address))) {
    return undefined;
  }
  return {
    code: 'InvalidParameterValue',
    message: `Address ${formatAddress(address)} does not fall within the subnet's address range`,
  };
}

const inUse = (address: Address) =>
  refuse('InvalidIPAddress.InUse', `Address ${formatAddress(address)} is in use.`);

const alreadyThere = ({ id }: NetworkInterface, address: Address) =>
  refuse('InvalidParameterValue', `[${formatAddress(address)}] is already assigned to ${id}`);

const keepsPrimary = ({ id }: NetworkInterface, address: Address) =>
  refuse(
    'InvalidParameterValue',
    `${formatAddress(address)} is the primary private IP address of ${id}, which cannot be unassigned`,
  );
