import { shown } from './faults.js';
import { fail, type Place } from './place.js';

/** Normalises `02:0a:...`, `02-0A-...` or bare digits to twelve lowercase hex digits. */
export function readMac(text: string, place: Place): string | undefined {
  if (/^[0-9a-f]{2}([:-]?)(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/i.test(text)) {
    return text.replace(/[:-]/g, '').toLowerCase();
  }
  fail(place, 'mac', `${shown(text)} is not a MAC address`, 'write it like 02:00:00:00:00:01');
  return undefined;
}
