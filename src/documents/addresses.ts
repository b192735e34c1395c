import { formatAddress, formatPrefix } from '../model/address.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';
import { addFault, cut, listErrors, noFaults, type Faults } from './faults.js';

/**
 * Finds addresses that interfaces of two VPCs share: a packet does not tell the VPC, so one has to be chosen first
 * (NI-5). Empty when there is none.
 */
export function checkAddresses(description: VpcDescription): readonly Diagnostic[] {
  const faults = noFaults();
  const holders = new Map<string, NetworkInterface>();
  for (const eni of description.interfaces) {
    for (const text of bindingsOf(eni)) {
      const holder = holders.get(text);
      if (holder === undefined) holders.set(text, eni);
      else if (holder.vpcId !== eni.vpcId) {
        const fact = `${text} belongs to ${ownerText(eni)} and to ${ownerText(holder)}`;
        addFault(faults, 'error', 'duplicate-address', eni.place, fact, 'give --vpc-id');
      }
    }
  }
  return listErrors(faults);
}

/** Reports addresses that two interfaces of one VPC share, and MAC addresses that any two share. */
export function checkDuplicates(interfaces: readonly NetworkInterface[], faults: Faults): void {
  const holders = new Map<string, NetworkInterface>();
  const macs = new Map<string, NetworkInterface>();
  for (const eni of interfaces) {
    for (const text of bindingsOf(eni)) {
      const key = `${text} ${eni.vpcId}`;
      const holder = holders.get(key);
      if (holder === undefined) holders.set(key, eni);
      else {
        const fact = `${text} belongs to ${cut(eni.id)} and to ${cut(holder.id)} at ${holder.place}`;
        addFault(faults, 'error', 'duplicate-address', eni.place, fact, 'correct one of them');
      }
    }
    if (eni.mac === undefined) continue;
    const holder = macs.get(eni.mac);
    if (holder === undefined) macs.set(eni.mac, eni);
    else {
      const fact = `${cut(eni.id)} has the MAC address of ${cut(holder.id)} at ${holder.place}`;
      addFault(faults, 'warning', 'duplicate-mac', eni.place, fact, 'correct one of them');
    }
  }
}

const bindingsOf = ({ addresses, delegated }: NetworkInterface): readonly string[] => [
  ...addresses.map(formatAddress),
  ...delegated.map(formatPrefix),
];

const ownerText = ({ id, vpcId }: NetworkInterface): string => `${cut(id)} of ${cut(vpcId)}`;
