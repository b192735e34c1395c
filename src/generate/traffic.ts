import type { ExpectedTraffic } from '../model/expected-traffic.js';
import type { ResolvedPolicy } from '../policy/resolve.js';
import { gatherEnds } from './ends.js';
import { RECORD_MAX, createDraft, writeFrame } from './frame-record.js';
import { DROPPED, FLOW_WORDS, KIND, LEFT, SCRIPT_MASK, SENT } from './flow-words.js';
import { NEVER, createLiveFlows, removeFlow } from './live-flows.js';
import { createPayload } from './payload.js';
import { createPlanner } from './planner.js';
import { createRandom, next } from './random.js';
import { SCRIPTS } from './script.js';
import { MEAN_TRAIN, chooseFlow, createServed, patienceOf } from './serve.js';
import { createSizes, takeTurn } from './turn.js';
import type { TrafficOptions } from './traffic-options.js';

/** Generated frames as a classic pcap capture, from its header on; of flows, only those that have not ended are kept. */
export interface Traffic {
  /**
   * Fills some of `target` with whole records, `most` at most; returns how many bytes, 0 at the end. `target` takes
   * RECORD_MAX bytes at least. Throws InputError when there are too few five-tuples.
   */
  readonly fill: (target: Uint8Array, most?: number) => number;
  readonly expected: () => ExpectedTraffic;
}

const FILE_HEADER = 24;
/** 2023-11-14T22:13:20Z. */
const START_SECONDS = 1_700_000_000;

/** Frames that the policy allows and drops, flow by flow, by a seed. Throws InputError when it has no such flows. */
export function createTraffic(policy: ResolvedPolicy, options: TrafficOptions): Traffic {
  const random = createRandom(options.seed);
  const ends = gatherEnds(policy);
  const plan = createPlanner(random, ends, options);
  const macs = Int32Array.from(
    ends.macs.flatMap((mac) => [Number(mac >> 32n), Number(BigInt.asIntN(32, mac))]),
  );
  const payload = createPayload(random);
  const sizes = createSizes(options.sizes);
  const { snapLength } = options;
  // In an IMIX the smallest are the acknowledgements; else three packets in ten are, beside the data.
  const chanceMask = options.sizes === 'imix' ? 0xff : 0xffff;
  const concurrent = concurrentFlows(options);
  const flows = createLiveFlows(concurrent);
  const { words, due } = flows;
  const served = createServed();
  const draft = createDraft();
  draft.seconds = START_SECONDS;
  const mean = 1e9 / options.packetsPerSecond;
  const shortest = Math.floor((mean * 2) / 3);
  const jitter = shortest + 1;
  let nanoseconds = 0;
  let more = true;
  let begun = false;
  const tally = { packets: 0, flows: 0, bytes: 0, droppedPackets: 0, droppedFlows: 0 };

  const writeNext = (view: DataView, at: number): number => {
    while (more && flows.count < concurrent) {
      more = plan(words, flows.count * FLOW_WORDS);
      if (more) due[flows.count++] = NEVER;
    }
    const chance = next(random);
    nanoseconds += shortest + Math.floor(((chance >>> 16) * jitter) / 0x1_0000);
    if (nanoseconds >= 1e9) {
      nanoseconds -= 1e9;
      draft.seconds++;
    }
    draft.microseconds = Math.floor(nanoseconds / 1000);
    const now = (draft.seconds - START_SECONDS) * 1000 + Math.floor(nanoseconds / 1e6);
    if (!chooseFlow(served, flows, random, now)) return at;

    const { position } = served;
    const flow = position * FLOW_WORDS;
    const sent = words[flow + SENT]!;
    const dropped = words[flow + KIND]! & DROPPED;
    draft.identification = ++tally.packets;
    tally.bytes += takeTurn(draft, words, flow, sizes, chance & chanceMask, next(random));
    if (dropped !== 0) tally.droppedPackets++;
    if (sent === 0) {
      tally.flows++;
      if (dropped !== 0) tally.droppedFlows++;
    }
    const end = writeFrame(view, at, words, flow, draft, macs, payload, snapLength);
    words[flow + SENT] = sent + 1;
    const left = --words[flow + LEFT]!;
    due[position] = now + patienceOf(words, flow);
    served.train--;
    if (left === 0) {
      removeFlow(flows, position);
      served.train = 0;
    } else if (served.train === 0 && dropped !== 0 && isAsked(words, flow)) {
      served.train = 1;
    }
    return end;
  };

  return {
    fill: (target, most = Infinity) => {
      const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
      let at = 0;
      if (!begun) {
        begun = true;
        at = writeFileHeader(view, snapLength);
      }
      const last = target.length - RECORD_MAX;
      for (let n = 0; n < most && at <= last; n++) {
        const end = writeNext(view, at);
        if (end === at) break;
        at = end;
      }
      return at;
    },
    expected: () => {
      const { packets, flows: all, bytes, droppedPackets, droppedFlows } = tally;
      return {
        ...{ packets, flows: all, bytes },
        allowed: { packets: packets - droppedPackets, flows: all - droppedFlows },
        dropped: { packets: droppedPackets, flows: droppedFlows },
      };
    },
  };
}

/**
 * Of a request that must be dropped, the answer follows at once: the denial is remembered from request to request, and for no
 * longer than an idle limit (CT-25).
 */
const isAsked = (words: Int32Array, flow: number): boolean =>
  (words[flow + KIND]! & SCRIPT_MASK) === SCRIPTS.exchange && (words[flow + SENT]! & 1) === 1;

/** So many that any is served within 15 s on the average, or within half of that if most of them may not be silent for long. */
function concurrentFlows({ concurrent, packetsPerSecond, protocols }: TrafficOptions): number {
  const { tcp, udp, icmp } = protocols ?? { tcp: 1, udp: 0, icmp: 0 };
  const seconds = tcp >= udp + icmp ? 15 : 7.5;
  return Math.max(1, Math.min(concurrent, Math.floor((seconds * packetsPerSecond) / MEAN_TRAIN)));
}

/** draft-ietf-opsawg-pcap section 4: little-endian, microseconds, Ethernet. */
function writeFileHeader(view: DataView, snapLength: number): number {
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setFloat64(8, 0);
  view.setUint32(16, snapLength, true);
  view.setUint32(20, 1, true);
  return FILE_HEADER;
}
