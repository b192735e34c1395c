import { type TextBytes, ensureRoom, putBytes, putDigits } from './text-bytes.js';

/** Puts instants as text: those of one second follow each other mostly, and only the first of them is divided. */
export interface InstantBytes {
  /** Turns to the instant at an index. */
  turn(values: BigInt64Array, index: number): void;
  /** Puts it in UTC to the microsecond, cut: 2023-11-14T22:13:20.000000Z. */
  putTime(text: TextBytes): void;
  /** Puts its nanoseconds since 1970. */
  putNanoseconds(text: TextBytes): void;
}

const SECOND = 1_000_000_000n;
/** Bytes that either way needs at most. */
const LONGEST = 32;

export function createInstantBytes(): InstantBytes {
  const encoder = new TextEncoder();
  let begin = 0n;
  let words: Int32Array | undefined;
  let of: BigInt64Array | undefined;
  let [low, high] = [0, 0];
  let time = new Uint8Array();
  let seconds = new Uint8Array();
  let nanoseconds = 0;

  const begins = (instant: bigint): void => {
    const rest = ((instant % SECOND) + SECOND) % SECOND;
    begin = instant - rest;
    [low, high] = [Number(begin & 0xffff_ffffn), Number(begin >> 32n)];
    const whole = Number(begin / SECOND);
    time = encoder.encode(new Date(whole * 1000).toISOString().slice(0, -'000Z'.length));
    seconds = encoder.encode(String(whole));
    nanoseconds = Number(rest);
  };
  return {
    turn: (values, index) => {
      if (of !== values) {
        of = values;
        words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
      }
      const distance =
        (words![2 * index + 1]! - high) * 2 ** 32 + ((words![2 * index]! >>> 0) - low);
      if (distance >= 0 && distance < 1e9 && time.length > 0) nanoseconds = distance;
      else begins(values[index]!);
    },
    putTime: (text) => {
      ensureRoom(text, LONGEST);
      putBytes(text, time, 0, time.length);
      putDigits(text, (nanoseconds / 1000) | 0, 6);
      text.bytes[text.length++] = Z;
    },
    putNanoseconds: (text) => {
      ensureRoom(text, LONGEST);
      if (begin <= 0n) {
        const digits = encoder.encode(String(begin + BigInt(nanoseconds)));
        putBytes(text, digits, 0, digits.length);
        return;
      }
      putBytes(text, seconds, 0, seconds.length);
      putDigits(text, nanoseconds, 9);
    },
  };
}

const Z = 0x5a;
