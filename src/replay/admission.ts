import {
  ADMISSION_ADMITTED,
  ADMISSION_CAPTURES,
  ADMISSION_CLOCK,
  ADMISSION_FROM,
  ADMISSION_LAST,
  ADMISSION_LINKS,
  ADMISSION_MOST,
  ADMISSION_SEEN,
  ADMISSION_SIZE,
  ADMISSION_TO,
  ADMISSION_UNTIL,
  CAPTURE_BYTES,
  CAPTURE_DISORDERED,
  CAPTURE_EARLIEST,
  CAPTURE_FRAMES,
  CAPTURE_FROM,
  CAPTURE_LATEST,
  CAPTURE_OVERLONG,
  CAPTURE_SIZE,
  CAPTURE_TO,
  CAPTURE_UNTIMED,
  LINK_TALLY_SIZE,
  LINK_TYPES,
} from '../kernel/layout.js';
import type { KernelExports } from '../engine/kernel-module.js';
import { allocate, viewAt } from '../engine/memory.js';
import type { Tally } from '../model/tally.js';
import type { FrameFilter } from './frame-filter.js';

/** Which frames of the captures are judged; all, where nothing is said. */
export interface Bounds {
  /** How many, at most. */
  readonly most?: number;
  /** First time that is wanted, and first that is not, in nanoseconds. */
  readonly fromNs?: bigint;
  readonly toNs?: bigint;
  /** Number of the last frame that is looked at. */
  readonly last?: number;
  /** The first frame after this time, in nanoseconds, is not looked at, nor what follows it. */
  readonly untilNs?: bigint;
}

/** The kernel's account of what was admitted, see layout.ts. */
export interface Admission {
  readonly address: number;
  readonly view: DataView;
  /** Address of the table of captures. */
  readonly captures: number;
  readonly captureView: DataView;
  readonly linkView: DataView;
  filter?: FrameFilter;
}

/** What was admitted of one capture. Times are undefined when that is nothing. */
export interface Admitted extends Tally {
  readonly firstTimeNs?: bigint;
  readonly lastTimeNs?: bigint;
  readonly disordered: number;
  readonly overlong: number;
  readonly untimed: number;
}

export const LEAST_NS = -(2n ** 63n);
export const MOST_NS = 2n ** 63n - 1n;

/** Nothing admitted yet of `captureCount` captures. */
export function createAdmission(memory: WebAssembly.Memory, captureCount: number): Admission {
  const address = allocate(memory, ADMISSION_SIZE);
  const captures = allocate(memory, captureCount * CAPTURE_SIZE);
  const links = allocate(memory, LINK_TYPES * LINK_TALLY_SIZE);
  const view = viewAt(memory, address, ADMISSION_SIZE);
  const captureView = viewAt(memory, captures, captureCount * CAPTURE_SIZE);
  view.setUint32(ADMISSION_CAPTURES, captures, true);
  view.setUint32(ADMISSION_LINKS, links, true);
  view.setBigInt64(ADMISSION_CLOCK, LEAST_NS, true);
  for (let i = 0; i < captureCount; i++) {
    captureView.setBigInt64(i * CAPTURE_SIZE + CAPTURE_FROM, LEAST_NS, true);
    captureView.setBigInt64(i * CAPTURE_SIZE + CAPTURE_TO, MOST_NS, true);
  }
  const admission = {
    ...{ address, view, captures, captureView },
    linkView: viewAt(memory, links, LINK_TYPES * LINK_TALLY_SIZE),
  };
  bound(admission, {});
  return admission;
}

export function bound({ view }: Admission, { most, fromNs, toNs, last, untilNs }: Bounds): void {
  view.setBigUint64(ADMISSION_MOST, BigInt(most ?? Number.MAX_SAFE_INTEGER), true);
  view.setBigInt64(ADMISSION_FROM, fromNs ?? LEAST_NS, true);
  view.setBigInt64(ADMISSION_TO, toNs ?? MOST_NS, true);
  view.setBigUint64(ADMISSION_LAST, BigInt(last ?? Number.MAX_SAFE_INTEGER), true);
  view.setBigInt64(ADMISSION_UNTIL, untilNs ?? MOST_NS, true);
}

/** Leaves out of a batch, at an address, what is not wanted. Throws InputError when the filter cannot tell. */
export function admit(
  kernel: KernelExports,
  { address, filter }: Admission,
  batch: number,
  linkTypes: ReadonlySet<number>,
): void {
  filter?.prepare(linkTypes);
  kernel.admit(address, batch);
  filter?.check();
}

/** Whether as many frames were admitted as are wanted, or the last one was looked at. */
export function isFull({ view }: Pick<Admission, 'view'>): boolean {
  return (
    view.getBigUint64(ADMISSION_ADMITTED, true) >= view.getBigUint64(ADMISSION_MOST, true) ||
    view.getBigUint64(ADMISSION_SEEN, true) >= view.getBigUint64(ADMISSION_LAST, true)
  );
}

/** Frames that were looked at, those left out included. */
export function framesSeen({ view }: Admission): number {
  return Number(view.getBigUint64(ADMISSION_SEEN, true));
}

/** Latest packet time so far; LEAST_NS before the first packet. */
export function latestTimeNs({ view }: Admission): bigint {
  return view.getBigInt64(ADMISSION_CLOCK, true);
}

export function admittedOf({ captureView: view }: Admission, capture: number): Admitted {
  const at = capture * CAPTURE_SIZE;
  const number = (offset: number): number => Number(view.getBigUint64(at + offset, true));
  const packets = number(CAPTURE_FRAMES);
  return {
    packets,
    bytes: number(CAPTURE_BYTES),
    ...(packets === 0
      ? {}
      : {
          firstTimeNs: view.getBigInt64(at + CAPTURE_EARLIEST, true),
          lastTimeNs: view.getBigInt64(at + CAPTURE_LATEST, true),
        }),
    disordered: number(CAPTURE_DISORDERED),
    overlong: number(CAPTURE_OVERLONG),
    untimed: number(CAPTURE_UNTIMED),
  };
}

/** What was admitted by link type, those that occurred. */
export function admittedByLink({ linkView }: Admission): Map<number, Tally> {
  const tallies = new Map<number, Tally>();
  for (let linkType = 0; linkType < LINK_TYPES; linkType++) {
    const at = linkType * LINK_TALLY_SIZE;
    const packets = Number(linkView.getBigUint64(at, true));
    const bytes = Number(linkView.getBigUint64(at + 8, true));
    if (packets > 0) tallies.set(linkType, { packets, bytes });
  }
  return tallies;
}
