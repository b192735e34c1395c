import { formatAddress } from '../model/address.js';
import type { NetworkInterface } from '../model/vpc.js';
import type { Collected } from './collected.js';
import { contradiction, dropCopies } from './duplicates.js';
import type { Faults } from './faults.js';
import { publicAddresses } from './public-addresses.js';

/**
 * One interface an id, those of describe-network-interfaces first. It knows more than describe-instances, which
 * adds the instance's id, type, name and public address, and the device index; private addresses or groups on which the two disagree are an error.
 */
export function mergeInterfaces(collected: Collected, faults: Faults): readonly NetworkInterface[] {
  const described = byId(dropCopies(collected.interfaces, faults));
  const inInstances = byId(dropCopies(collected.instanceInterfaces, faults));
  const ids = new Set([...described.keys(), ...inInstances.keys()]);
  return [...ids].map((id) => {
    const full = described.get(id);
    const partial = inInstances.get(id);
    if (full && partial && bindings(full) !== bindings(partial)) {
      contradiction(partial, full, faults);
    }
    const eni = (full ?? partial)!;
    const instanceId = eni.instanceId ?? partial?.instanceId;
    const deviceIndex = eni.deviceIndex ?? partial?.deviceIndex;
    const instanceType = eni.instanceType ?? collected.instanceTypes.get(instanceId ?? '');
    const name = eni.name ?? collected.instanceNames.get(instanceId ?? '');
    const primaryAddress = deviceIndex === 0 && collected.instanceAddresses.get(instanceId ?? '');
    const known = [full, partial].map((one) => one?.publicAddresses ?? []);
    return {
      ...eni,
      ...publicAddresses(...known, primaryAddress ? [primaryAddress] : []),
      ...(instanceId === undefined ? {} : { instanceId }),
      ...(instanceType === undefined ? {} : { instanceType }),
      ...(deviceIndex === undefined ? {} : { deviceIndex }),
      ...(name === undefined ? {} : { name }),
    };
  });
}

const byId = (list: readonly NetworkInterface[]): ReadonlyMap<string, NetworkInterface> =>
  new Map(list.map((eni) => [eni.id, eni]));

/** What both views know and verdicts rest on, in no order. */
function bindings({ vpcId, addresses, groupIds }: NetworkInterface): string {
  return JSON.stringify([vpcId, addresses.map(formatAddress).sort(), groupIds.toSorted()]);
}
