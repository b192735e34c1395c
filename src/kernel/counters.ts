import {
  CODE_VERDICT_SHIFT,
  CODES,
  IMAGE_INTERFACE_COUNT,
  IMAGE_RULE_COUNT,
  INTERFACE_TALLIES,
  NONE,
  TALLY_SIZE,
} from './layout';

// All counters are 64 bits wide and only added to, so that the sums of several instances are the sums of one.

/** Of the phase that holds now. */
let byCode: usize = 0;
let byPhase: usize = 0;
let byInterface: usize = 0;
let byRule: usize = 0;

/** Returns the address past the counters. */
export function setupCounters(image: usize, phases: u32, at: usize): usize {
  byPhase = at;
  byCode = at;
  byInterface = at + <usize>phases * CODES * TALLY_SIZE;
  byRule = byInterface + <usize>load<u32>(image, IMAGE_INTERFACE_COUNT) * INTERFACE_TALLIES;
  return byRule + <usize>load<u32>(image, IMAGE_RULE_COUNT) * TALLY_SIZE;
}

export function countInPhase(phase: u32): void {
  byCode = byPhase + <usize>phase * CODES * TALLY_SIZE;
}

function add(at: usize, amount: u64): void {
  store<u64>(at, load<u64>(at) + amount);
}

export function countFrame(code: u32, bytes: u32, begins: bool): void {
  const tally = byCode + <usize>code * TALLY_SIZE;
  add(tally, 1);
  add(tally + 8, bytes);
  if (begins) add(tally + 16, 1);
}

/** The answer at one interface, numbered from 1. `opens`: the packet began a flow there. */
export function countAnswer(
  eni: u32,
  direction: u32,
  code: u32,
  rule: u32,
  bytes: u32,
  opens: bool,
): void {
  const column = ((direction << 2) | (code >> CODE_VERDICT_SHIFT)) << 4;
  const seen = byInterface + <usize>(eni - 1) * INTERFACE_TALLIES + column;
  add(seen, 1);
  add(seen + 8, bytes);
  if (rule == NONE) return;
  const tally = byRule + <usize>rule * TALLY_SIZE;
  add(tally, 1);
  add(tally + 8, bytes);
  if (opens) add(tally + 16, 1);
}
