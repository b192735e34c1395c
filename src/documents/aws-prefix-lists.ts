import * as z from 'zod/mini';
import type { Prefix } from '../model/address.js';
import { readPrefix } from './cidr.js';
import type { Collected } from './collected.js';
import { inside, placeText, type Place } from './place.js';
import { memberOf, optionalNumber, optionalText, readList, readShape } from './shape.js';

/** Reads one entry of describe-managed-prefix-lists, or of the older describe-prefix-lists with its Cidrs. */
export function readPrefixList(value: unknown, place: Place, into: Collected): void {
  const list = readShape(PREFIX_LIST, value, place);
  const cidrs = memberOf(value, 'Cidrs');
  const entries = readList(cidrs, inside(place, 'Cidrs')).flatMap((item) => {
    const text = readShape(z.string(), item.value, item.place);
    return text === undefined ? [] : (readPrefix(text, item.place) ?? []);
  });
  if (list === undefined) return;
  into.prefixLists.push({
    id: list.PrefixListId,
    name: list.PrefixListName ?? list.PrefixListId,
    ...(Array.isArray(cidrs) ? { entries } : {}),
    place: placeText(place),
  });
  if (typeof list.MaxEntries === 'number') {
    into.maxEntries.set(list.PrefixListId, list.MaxEntries);
  }
  const own = memberOf(value, 'Entries');
  if (Array.isArray(own)) readEntries(own, inside(place, 'Entries'), into, list.PrefixListId);
}

/** Reads the answer of get-managed-prefix-list-entries, which need not name its list. */
export function readEntries(
  list: unknown,
  place: Place,
  into: Collected,
  prefixListId?: string,
): void {
  const entries: Prefix[] = [];
  for (const item of readList(list, place)) {
    const entry = readShape(ENTRY, item.value, item.place);
    const prefix = entry && readPrefix(entry.Cidr, inside(item.place, 'Cidr'));
    if (prefix !== undefined) entries.push(prefix);
  }
  into.entries.push({
    ...(prefixListId === undefined ? {} : { prefixListId }),
    file: place.file,
    entries,
    place: placeText(place),
  });
}

const PREFIX_LIST = z.object({
  PrefixListId: z.string(),
  PrefixListName: optionalText,
  MaxEntries: optionalNumber,
});

const ENTRY = z.object({ Cidr: z.string() });
