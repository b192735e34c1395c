import {
  PHASE_FROM,
  PHASE_IMAGE,
  PHASE_SIZE,
  SETTINGS_ACCOUNTS,
  SETTINGS_AUTO_TRACKED,
  SETTINGS_CAPTURES,
  SETTINGS_CAPTURE_COUNT,
  SETTINGS_EXEMPT,
  SETTINGS_HISTORY,
  SETTINGS_MAX_TRACKED,
  SETTINGS_MIDSTREAM,
  SETTINGS_PHASES,
  SETTINGS_PHASE_COUNT,
  SETTINGS_RELATED,
  SETTINGS_REMEMBER_DENIED,
} from './layout';

// What one replay goes by: the rule image that holds now, and the modelling choices.

export let image: usize = 0;
/** Packet time at which another image holds. */
export let phaseEndsNs: i64 = i64.MAX_VALUE;
export let phase: u32 = 0;
export let midstream: u32 = 0;
export let rememberDenied: bool = true;
export let historyNs: i64 = 0;
/** How long what is over is kept to be told of. */
export let recalledNs: i64 = 0;
/** Whether every connection has an account. */
export let accountsAreKept: bool = false;
export let related: u32 = 0;
export let exempt: u32 = 0;
export let autoTracked: u32 = 0;
export let maxTracked: u32 = 0;
/** Captures that are merged, when some tell their interface; else 0. */
export let captures: usize = 0;
export let captureCount: u32 = 0;

let phases: usize = 0;
let phaseCount: u32 = 0;

export function setupPolicy(settings: usize): void {
  phases = load<u32>(settings, SETTINGS_PHASES);
  phaseCount = load<u32>(settings, SETTINGS_PHASE_COUNT);
  midstream = load<u32>(settings, SETTINGS_MIDSTREAM);
  rememberDenied = load<u32>(settings, SETTINGS_REMEMBER_DENIED) != 0;
  historyNs = load<i64>(settings, SETTINGS_HISTORY);
  recalledNs = load<i64>(settings, SETTINGS_ACCOUNTS);
  accountsAreKept = recalledNs != 0;
  related = load<u32>(settings, SETTINGS_RELATED);
  exempt = load<u32>(settings, SETTINGS_EXEMPT);
  autoTracked = load<u32>(settings, SETTINGS_AUTO_TRACKED);
  maxTracked = load<u32>(settings, SETTINGS_MAX_TRACKED);
  captures = load<u32>(settings, SETTINGS_CAPTURES);
  captureCount = load<u32>(settings, SETTINGS_CAPTURE_COUNT);
  enterPhase(0);
}

/** The phase that holds at a packet's time: an event at the time itself has happened. */
export function phaseAt(now: i64): u32 {
  return phaseHolding(now, phase);
}

/** The same, if it is phase `at` or a later one. */
export function phaseHolding(now: i64, at: u32): u32 {
  while (now >= phaseEnd(at) && at + 1 < phaseCount) at++;
  return at;
}

/** The first packet time at which a phase holds no longer. */
export function phaseEnd(at: u32): i64 {
  return at + 1 < phaseCount ? load<i64>(phaseOf(at + 1), PHASE_FROM) : i64.MAX_VALUE;
}

export function enterPhase(at: u32): void {
  phase = at;
  image = imageOf(at);
  phaseEndsNs = phaseEnd(at);
}

/** The rule image of a phase. */
export function imageOf(at: u32): usize {
  return load<u32>(phaseOf(at), PHASE_IMAGE);
}

/** Phases of the replay: the counters have as many tallies by code. */
export function phasesInAll(): u32 {
  return phaseCount;
}

function phaseOf(at: u32): usize {
  return phases + <usize>at * PHASE_SIZE;
}
