import { encodeFrame } from '../../src/generate/frame.js';
import { parseAddress } from '../../src/model/address.js';
import { TCP } from '../../src/model/protocol.js';
import { LOCAL, PORTS, REMOTE } from '../differential/world.js';
import { type Ends, type Spoken, converse } from './conversations.js';
import { type Random, createRandom } from './random.js';

/** Frames of one link type. */
export interface Traffic {
  readonly frames: readonly TimedFrame[];
  readonly linkType: number;
}

interface TimedFrame {
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  /** On the wire, when that is more. */
  readonly length?: number;
}

const ETHERNET = 1;

const START = 1_000_000_000_000_000_000n;
const SECOND = 1_000_000_000n;
/** Conversations under way at a time. */
const UNDER_WAY = 60;

/** Conversations that run into each other within two seconds, so that nothing times out. */
export function hastyTraffic(seed: number, frames: number): Traffic {
  const random = createRandom(seed);
  const open: Spoken[][] = [];
  const said: TimedFrame[] = [];
  const step = (2n * SECOND) / BigInt(frames);
  let timeNs = START;
  while (said.length < frames) {
    while (open.length < UNDER_WAY)
      open.push(disturb(converse(randomEnds(random), random), random));
    const at = random.below(open.length);
    const next = open[at]!.shift();
    if (next === undefined) open.splice(at, 1);
    else said.push({ timeNs: (timeNs += step), bytes: frameOf(next) });
  }
  return { frames: said, linkType: ETHERNET };
}

/** Longer and shorter than every idle limit, by more than the judge's clock may be off. */
const SILENCES = [6, 14, 26, 34, 56, 64, 114, 126, 174, 186, 344, 356, 594, 606];
/** After ten days nothing is left of what was before. */
const NEXT_SCENE = 864_000n * SECOND;
const ROUNDS = 8;

/** Scenes of a few conversations, ten days apart, in which everybody falls silent between rounds. */
export function slowTraffic(seed: number, scenes: number): Traffic {
  const random = createRandom(seed);
  const said: TimedFrame[] = [];
  let timeNs = START;
  for (let scene = 0; scene < scenes; scene++) {
    const talks = Array.from({ length: 6 }, () => converse(randomEnds(random), random)).filter(
      // The kernel reassembles by the clock on the wall.
      (talk) => talk.every(({ ip }) => ip.fragment === undefined),
    );
    for (let round = 0; round < ROUNDS; round++) {
      for (const talk of talks) {
        const words = random.pick([0, 0, 1, 1, 2, 3]);
        for (const next of talk.splice(0, words)) {
          said.push({ timeNs: (timeNs += 1_000_000n), bytes: frameOf(next) });
        }
      }
      timeNs += BigInt(random.pick(SILENCES)) * SECOND;
    }
    timeNs += NEXT_SCENE;
  }
  return { frames: said, linkType: ETHERNET };
}

/** Some packets lost, some seen twice. */
function disturb(talk: readonly Spoken[], random: Random): Spoken[] {
  return talk.flatMap((each) => {
    const fate = random.below(40);
    return fate === 0 ? [] : fate === 1 ? [each, each] : [each];
  });
}

/** Mostly a host of the VPC and one elsewhere, either of them first; else two of the VPC. */
function randomEnds(random: Random): Ends {
  const family = random.pick([4, 4, 6] as const);
  const local = LOCAL.flatMap((held) =>
    held.filter((text) => text.includes(':') === (family === 6)),
  );
  const inside = random.pick(local);
  const outside = random.chance(0.3) ? random.pick(local) : random.pick(REMOTE[family]);
  const [opener, answerer] = random.chance(0.5) ? [inside, outside] : [outside, inside];
  return {
    opener: parseAddress(opener)!,
    answerer: parseAddress(answerer)!,
    // Client ports are few enough that some come twice.
    ports: [32_768 + random.below(4000), random.pick(PORTS)],
  };
}

const LINK_HEADER = 14;
const IP_HEADER = { 4: 20, 6: 40 } as const;

function frameOf({ ip, sequence, acknowledgement }: Spoken): Uint8Array {
  const link = LINK_HEADER + IP_HEADER[ip.source.family];
  // Pieces of a datagram are as long as their places say.
  const length =
    ip.fragment === undefined ? link + 40 : link + 64 + (ip.source.family === 6 ? 8 : 0);
  const bytes = encodeFrame({ timeNs: 0n, length, content: { kind: 'ip', ip } });
  if (ip.protocol === TCP) {
    const view = new DataView(bytes.buffer);
    view.setUint32(link + 4, sequence);
    view.setUint32(link + 8, acknowledgement);
  }
  return bytes;
}
