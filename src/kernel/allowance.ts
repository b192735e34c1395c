import { Connection, isExpired } from './connection';
import { connectionAt, connectionsMade } from './connection-table';
import { scopeInterface } from './flow-key';
import { interfaceOf } from './interfaces';
import { ALLOWANCE_SIZE, COUNTED, COUNTED_TWICE, FREE } from './layout';
import { maxTracked } from './policy';

/** What the interfaces of one instance track together (CT-19). */
@unmanaged
class Allowance {
  /** When expired connections were last looked for. */
  searchedNs: i64;
  used: u32;
  searched: u32;
}
if (offsetof<Allowance>() != ALLOWANCE_SIZE) ERROR('allowance: size');

/** Between two searches: a full table must not be searched for every packet of a flood. */
const SEARCH_EVERY: i64 = 1_000_000_000;

let allowances: usize = 0;

export function setupAllowances(at: usize): void {
  allowances = at;
}

/** Whether there are so many places for one more connection; takes them. */
export function takePlaces(wanted: u32, number: u32, now: i64): bool {
  const instance = interfaceOf(number).instance;
  const allowance = allowanceOf(instance);
  const due = allowance.searched == 0 || now - allowance.searchedNs >= SEARCH_EVERY;
  if (allowance.used + wanted > maxTracked && due) {
    freeExpired(instance, now);
    allowance.searchedNs = now;
    allowance.searched = 1;
  }
  if (allowance.used + wanted > maxTracked) return false;
  allowance.used += wanted;
  return true;
}

/** Gives the places of a connection back, if it has any. */
export function givePlaces(c: Connection): void {
  if (!(c.flags & COUNTED)) return;
  const places: u32 = c.flags & COUNTED_TWICE ? 2 : 1;
  c.flags &= ~(COUNTED | COUNTED_TWICE);
  allowanceOf(interfaceOf(scopeInterface(c.scope)).instance).used -= places;
}

function freeExpired(instance: u32, now: i64): void {
  const made = connectionsMade();
  for (let i: u32 = 0; i < made; i++) {
    const c = connectionAt(i);
    if (c.state == FREE || !(c.flags & COUNTED) || !isExpired(c, now)) continue;
    if (interfaceOf(scopeInterface(c.scope)).instance == instance) givePlaces(c);
  }
}

function allowanceOf(instance: u32): Allowance {
  return changetype<Allowance>(allowances + <usize>instance * ALLOWANCE_SIZE);
}
