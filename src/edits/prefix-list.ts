import { formatPrefix } from '../model/address.js';
import type { Edit } from '../model/edit.js';
import type { VpcDescription } from '../model/vpc.js';
import { refuse, type Applied } from './refusal.js';

/** Makes the next version of a prefix list, which all its users follow at once (SG-9, SG-21). */
export function setPrefixList(
  description: VpcDescription,
  { prefixListId, entries }: Extract<Edit, { kind: 'set-prefix-list' }>,
): Applied {
  const list = description.prefixLists.find(({ id }) => id === prefixListId);
  if (list === undefined) {
    const message = `The prefix list ID '${prefixListId}' does not exist`;
    return refuse('InvalidPrefixListID.NotFound', message);
  }
  const family = (list.entries?.[0] ?? entries[0])?.family;
  const other = entries.find((entry) => entry.family !== family);
  if (other !== undefined) {
    const message = `The CIDR ${formatPrefix(other)} is not of the prefix list's address family`;
    return refuse('InvalidParameterValue', message);
  }
  const twice = entries.length - new Set(entries.map(formatPrefix)).size;
  if (twice > 0) {
    return refuse('InvalidParameterValue', 'The same CIDR must not appear multiple times');
  }
  if (list.maxEntries !== undefined && entries.length > list.maxEntries) {
    const message = `The prefix list ${prefixListId} cannot have more than ${list.maxEntries} entries`;
    return refuse('PrefixListMaxEntriesExceeded', message);
  }
  const prefixLists = description.prefixLists.map((one) =>
    one.id === prefixListId ? { ...one, entries } : one,
  );
  return { description: { ...description, prefixLists } };
}
