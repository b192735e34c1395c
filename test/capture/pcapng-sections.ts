import { type BlockBytes, type BlockPacket, blocksIn } from './pcapng-blocks.js';

interface Frame {
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  /** On the wire. */
  readonly length: number;
}

/** Counts units of `base` to the power of minus `exponent` seconds, from `offsetSeconds` on. */
interface Clock {
  readonly base: 2 | 10;
  readonly exponent: number;
  readonly offsetSeconds?: bigint;
}

/** How one section of a pcapng capture is written. */
export interface SectionStyle {
  readonly order: 'little' | 'big';
  readonly packets: 'enhanced' | 'old' | 'simple';
  /** Of its interfaces, which take turns; microseconds that nothing is said about, unless told. */
  readonly clocks?: readonly Clock[];
  /** With options, and with blocks between that are no packets. */
  readonly noisy?: boolean;
  readonly snapLength?: number;
}

/** Writes frames as pcapng, the first of them into the first section and so on. */
export function encodeSections(
  frames: readonly Frame[],
  linkType: number,
  styles: readonly SectionStyle[],
): Buffer {
  const share = Math.ceil(frames.length / styles.length);
  return Buffer.concat(
    styles.flatMap((style, i) =>
      encodeSection(frames.slice(i * share, (i + 1) * share), linkType, style),
    ),
  );
}

const MICROSECONDS: Clock = { base: 10, exponent: 6 };
const ENTERPRISE = Buffer.from([0, 0, 0x7e, 0xd9]);

function encodeSection(frames: readonly Frame[], linkType: number, style: SectionStyle): Buffer[] {
  const { order, packets, clocks, noisy = false, snapLength = 0 } = style;
  const blocks = blocksIn(order);
  const { option } = blocks;
  const noise = noisy ? noiseOf(blocks) : [];
  const comments = noisy
    ? Buffer.concat([
        option(1, 'odd'),
        option(0x8001, 'ours'),
        option(2988, ENTERPRISE),
        option(0, ''),
      ])
    : Buffer.alloc(0);
  const write = (packet: BlockPacket): Buffer => blocks[packets](packet);
  return [
    blocks.section([1, 0], comments),
    ...(clocks ?? [undefined]).flatMap((clock) => [
      ...noise,
      blocks.card(clock && clockOptions(blocks, clock, noisy), linkType, snapLength),
    ]),
    ...frames.flatMap(({ timeNs, bytes, length }, i) => {
      const card = i % (clocks?.length ?? 1);
      const ticks = ticksOf(timeNs, clocks?.[card] ?? MICROSECONDS);
      const packet = write({ card, ticks, bytes, wire: length, options: comments });
      return noisy ? [noise[i % noise.length]!, packet] : [packet];
    }),
    ...noise,
  ];
}

function clockOptions({ option }: BlockBytes, clock: Clock, noisy: boolean): Buffer {
  const { base, exponent, offsetSeconds } = clock;
  const offset = Buffer.alloc(8);
  if (option(1, '')[0] === 1) offset.writeBigInt64LE(offsetSeconds ?? 0n);
  else offset.writeBigInt64BE(offsetSeconds ?? 0n);
  return Buffer.concat([
    ...(noisy ? [option(2, 'eth0'), option(0x8001, 'ours'), option(2988, ENTERPRISE)] : []),
    option(9, Uint8Array.of(exponent | (base === 2 ? 0x80 : 0))),
    ...(offsetSeconds === undefined ? [] : [option(14, offset)]),
    option(0, ''),
  ]);
}

function ticksOf(timeNs: bigint, { base, exponent, offsetSeconds = 0n }: Clock): bigint {
  const since = timeNs - offsetSeconds * 1_000_000_000n;
  return (since * BigInt(base) ** BigInt(exponent)) / 1_000_000_000n;
}

/** Blocks that are no packets: of the draft's other types, of nobody's, of an enterprise's, of local use. */
const noiseOf = ({ block }: BlockBytes): Buffer[] => [
  block(4, Buffer.alloc(4)),
  block(5, Buffer.alloc(12)),
  block(0x1234_5678, Buffer.from('whatever')),
  block(0x0bad, Buffer.concat([ENTERPRISE, Buffer.from('1234')])),
  block(0x4000_0bad, ENTERPRISE),
  block(0x8000_0001, Buffer.alloc(0)),
];
