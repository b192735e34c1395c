import {
  type Address,
  type Prefix,
  formatAddress,
  formatPrefix,
  prefixContains,
} from '../model/address.js';
import type { PeerIdentity } from '../model/explanation.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';

/**
 * What stands behind an address: an interface that has it, or whose public address it is; else where it lies. The text goes
 * on after `it is`: `eni-0app (app-1) in sg-app`.
 */
export function identifyPeer(description: VpcDescription, address: Address): PeerIdentity {
  const { interfaces, subnets, vpcs, prefixLists } = description;
  const text = formatAddress(address);
  const holder = privateHolder(interfaces, address);
  if (holder !== undefined) return ofInterface(text, 'interface', holder);
  const owner = interfaces.find((eni) => hasPublicAddress(eni, address));
  if (owner !== undefined) return ofInterface(text, 'public-address', owner);
  const subnet = blockAround(subnets, address);
  if (subnet !== undefined) {
    const lies = `an address of ${subnet} that no loaded interface has`;
    return { address: text, kind: 'subnet', text: lies };
  }
  const vpc = blockAround(vpcs, address);
  if (vpc !== undefined) {
    return { address: text, kind: 'vpc', text: `an address of ${vpc} in no loaded subnet` };
  }
  const list = prefixLists.find(({ entries = [] }) =>
    entries.some((one) => prefixContains(one, address)),
  );
  if (list !== undefined) {
    const { id, name } = list;
    const named = name === id || name === '' ? id : `${id} (${name})`;
    return { address: text, kind: 'prefix-list', text: `an address in prefix list ${named}` };
  }
  return { address: text, kind: 'outside', text: 'an address outside the loaded VPCs' };
}

/** Whether an address is one of the interface's own, or in a prefix that is delegated to it (NI-2). */
export function hasPrivateAddress(eni: NetworkInterface, address: Address): boolean {
  return hasExactly(eni, address) || eni.delegated.some((one) => prefixContains(one, address));
}

/** Whether it is an Elastic or other public address that stands for one of the interface's own (SG-18). */
export function hasPublicAddress(
  { publicAddresses = [] }: NetworkInterface,
  address: Address,
): boolean {
  return publicAddresses.some((one) => isSame(one, address));
}

/** `eni-0app (app-1) in sg-app`; the type of an interface without groups, which AWS runs for a service. */
export function nameInterface({ id, name, type, groupIds }: NetworkInterface): string {
  const named = name === undefined || name === '' || name === id ? id : `${id} (${name})`;
  if (groupIds.length === 0) return `${named}, a ${type} interface without groups`;
  return `${named} in ${[...new Set(groupIds)].join(', ')}`;
}

/** An exact address beats a delegated prefix, a longer one a shorter one, and of equal ones the first. */
function privateHolder(
  interfaces: readonly NetworkInterface[],
  address: Address,
): NetworkInterface | undefined {
  const exact = interfaces.find((eni) => hasExactly(eni, address));
  if (exact !== undefined) return exact;
  let longest = -1;
  let holder: NetworkInterface | undefined;
  for (const eni of interfaces) {
    for (const prefix of eni.delegated) {
      if (prefix.length <= longest || !prefixContains(prefix, address)) continue;
      longest = prefix.length;
      holder = eni;
    }
  }
  return holder;
}

/** `subnet-1 (10.0.1.0/24)` */
function blockAround(
  places: readonly { readonly id: string; readonly prefixes: readonly Prefix[] }[],
  address: Address,
): string | undefined {
  for (const { id, prefixes } of places) {
    const block = prefixes.find((one) => prefixContains(one, address));
    if (block !== undefined) return `${id} (${formatPrefix(block)})`;
  }
  return undefined;
}

function ofInterface(
  address: string,
  kind: 'interface' | 'public-address',
  eni: NetworkInterface,
): PeerIdentity {
  const { id, name, groupIds } = eni;
  const text = nameInterface(eni);
  return {
    address,
    kind,
    eni: id,
    ...(name === undefined ? {} : { name }),
    groupIds,
    text: kind === 'interface' ? text : `the public address of ${text}`,
  };
}

const hasExactly = ({ addresses }: NetworkInterface, address: Address): boolean =>
  addresses.some((one) => isSame(one, address));

const isSame = (one: Address, other: Address): boolean =>
  one.family === other.family && one.value === other.value;
