import { formatPrefix } from '../model/address.js';
import type { PrefixList } from '../model/vpc.js';
import type { Collected, CollectedEntries } from './collected.js';
import { contradiction } from './duplicates.js';
import { addFault, cut, type Faults } from './faults.js';

/**
 * Prefix lists with their entries. An Entries document belongs to the list named beside the entries or in its file
 * name, else to the only list without entries when it is the only such document.
 */
export function joinEntries(collected: Collected, faults: Faults): readonly PrefixList[] {
  const lists = mergeLists(collected.prefixLists, faults);
  const nameless: CollectedEntries[] = [];
  for (const found of collected.entries) {
    const id = found.prefixListId ?? idInName(found.file, [...lists.keys()]);
    if (id === undefined) nameless.push(found);
    else giveEntries(lists, { id, found }, faults);
  }
  const empty = [...lists.values()].filter((list) => list.entries === undefined);
  const [list] = empty;
  const [found] = nameless;
  if (list && found && empty.length === 1 && nameless.length === 1) {
    giveEntries(lists, { id: list.id, found }, faults);
  } else {
    for (const { place } of nameless) {
      const fact = 'entries do not say of which prefix list';
      const fix = 'name the file after it, like pl-0123456789abcdef0.json';
      addFault(faults, 'error', 'entries-list', place, fact, fix);
    }
  }
  return [...lists.values()].map((joined) => {
    const maxEntries = collected.maxEntries.get(joined.id);
    return maxEntries === undefined ? joined : { ...joined, maxEntries };
  });
}

/** Both describe commands may list the same id; only the older one has entries. */
function mergeLists(described: readonly PrefixList[], faults: Faults): Map<string, PrefixList> {
  const lists = new Map<string, PrefixList>();
  for (const list of described) {
    const known = lists.get(list.id);
    if (known === undefined) lists.set(list.id, list);
    else if (known.name !== list.name || differ(known, list)) contradiction(list, known, faults);
    else if (known.entries === undefined) lists.set(list.id, list);
  }
  return lists;
}

function differ(a: PrefixList, b: PrefixList): boolean {
  if (a.entries === undefined || b.entries === undefined) return false;
  return entriesText(a) !== entriesText(b);
}

const entriesText = (list: PrefixList): string => (list.entries ?? []).map(formatPrefix).join();

/** The longest known id in a file's name, else what looks like one. */
function idInName(file: string, known: readonly string[]): string | undefined {
  const name = file.split(/[/\\]/).at(-1) ?? '';
  const inName = known.filter((id) => id !== '' && standsIn(name, id));
  const longest = inName.reduce((best, id) => (id.length > best.length ? id : best), '');
  return longest === '' ? /pl-[0-9a-f]{8,17}(?![0-9a-z])/.exec(name)?.[0] : longest;
}

/** Whether the name holds the id and not merely the beginning of a longer one. */
function standsIn(name: string, id: string): boolean {
  const at = name.indexOf(id);
  return at >= 0 && !/^[0-9a-z]/i.test(name.slice(at + id.length));
}

function giveEntries(
  lists: Map<string, PrefixList>,
  { id, found }: { readonly id: string; readonly found: CollectedEntries },
  faults: Faults,
): void {
  const { entries, place } = found;
  const list = lists.get(id) ?? { id, name: id, place };
  const given: PrefixList = { ...list, entries, place };
  if (differ(list, given)) {
    const fact = `entries of ${cut(id)} differ from those at ${list.place}`;
    addFault(faults, 'error', 'duplicate-id', place, fact, 'keep one of the two');
  } else lists.set(id, { ...list, entries });
}
