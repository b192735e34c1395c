import type { CaptureSource } from '../capture/source.js';
import type { ResolvedPolicy } from '../policy/resolve.js';
import { RECORD_MAX } from './frame-record.js';
import { type Traffic, createTraffic } from './traffic.js';
import type { TrafficOptions } from './traffic-options.js';

/** Generates straight into an engine: to `replay`, it is a capture like any other. */
export interface TrafficSource extends CaptureSource {
  /** What has been read so far, and what must come of it. */
  readonly expected: Traffic['expected'];
}

/** A capture that is generated while it is read. Throws InputError when the policy has no such flows. */
export function createTrafficSource(
  policy: ResolvedPolicy,
  options: TrafficOptions,
): TrafficSource {
  const { fill, expected } = createTraffic(policy, options);
  // For readers that ask for less than a record.
  const spare = new Uint8Array(RECORD_MAX);
  let rest = spare.subarray(0, 0);
  const read = (target: Uint8Array): number => {
    if (rest.length === 0 && target.length >= RECORD_MAX) return fill(target);
    if (rest.length === 0) rest = spare.subarray(0, fill(spare));
    const count = Math.min(rest.length, target.length);
    target.set(rest.subarray(0, count));
    rest = rest.subarray(count);
    return count;
  };
  return {
    name: 'generated',
    read: (target) => Promise.resolve(read(target)),
    close: () => {},
    expected,
  };
}
