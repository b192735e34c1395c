import { cut, shown } from './faults.js';
import { fail, type Place } from './place.js';

/** Whether an id begins as AWS's ids of its kind do; else a fault. */
export function hasIdForm(id: string, prefix: string, place: Place): boolean {
  if (id.startsWith(prefix) && !/\s/.test(id) && id.length > prefix.length) return true;
  fail(
    place,
    'id-form',
    `${shown(id)} does not start with ${prefix}`,
    `name it ${prefix}${nameOf(id)}`,
  );
  return false;
}

/** The text as the rest of an id, for the message that proposes one. */
function nameOf(text: string): string {
  return cut(text.replaceAll(/[^\w-]+/g, '-')) || 'name';
}
