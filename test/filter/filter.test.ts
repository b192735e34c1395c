import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter, type FilterProgram } from '../../src/filter/compile.js';
import {
  FILTER_ACCEPT,
  FILTER_IF_EQUAL,
  FILTER_INSTRUCTION_SIZE,
  FILTER_LOAD_BYTE,
  FILTER_SCRATCH_SIZE,
} from '../../src/kernel/layout.js';
import { EXPRESSIONS } from './expressions.js';
import { createFilterRoom } from './filter-room.js';
import { linkFrames } from './link-frames.js';

const room = createFilterRoom();

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

const ETHERNET = '020000000001 020000000002';
/** 10.0.0.5:51000 > 192.0.2.9:443, SYN, with four bytes of IP options. */
const SYN = bytesOf(
  `${ETHERNET} 0800 4600002c 00010000 40060000 0a000005 c0000209 01010101 c738 01bb 00000001 00000000 5002 2000 0000 0000`,
);
/** The same in VLAN 7. */
const TAGGED = bytesOf(
  `${ETHERNET} 8100 0007 0800 4600002c 00010000 40060000 0a000005 c0000209 01010101 c738 01bb 00000001 00000000 5002 2000 0000 0000`,
);
/** 2001:db8::5 > 2001:db8::9, UDP port 53. */
const QUERY = bytesOf(
  `${ETHERNET} 86dd 60000000 0008 11 40 20010db8000000000000000000000005 20010db8000000000000000000000009 c738 0035 0008 0000`,
);
const ARP = bytesOf(
  'ffffffffffff 020000000002 0806 0001 0800 06 04 0001 020000000002 0a000005 000000000000 c0000209',
);
const FRAMES = { SYN, TAGGED, QUERY, ARP };

/** Expressions, and the frames that pass, by pcap-filter(7). */
const PASSING: readonly (readonly [string, string])[] = [
  ['', 'SYN TAGGED QUERY ARP'],
  ['ip', 'SYN'],
  ['tcp port https', 'SYN'],
  ['tcp port 443 and host 10.0.0.5', 'SYN'],
  ['src port 443', ''],
  ['dst portrange 400-500', 'SYN'],
  ['dst portrange 443-443', 'SYN'],
  ['dst portrange 444-500 or 54-442', ''],
  ['host 10.0.0.5', 'SYN ARP'],
  ['dst 192.0.2.9', 'SYN ARP'],
  ['arp host 192.0.2.9', 'ARP'],
  ['vlan', 'TAGGED'],
  ['vlan 7 and tcp dst port 443', 'TAGGED'],
  ['vlan 8', ''],
  ['not vlan and host 10.0.0.5', ''],
  ['ip6 net 2001:db8::/32', 'QUERY'],
  ['ip6 net 2001:db8::/126', ''],
  ['udp port domain', 'QUERY'],
  ['port 53 or 443', 'SYN QUERY'],
  ['port (53 or 443) and not ip6', 'SYN'],
  ['tcp[tcpflags] = tcp-syn', 'SYN'],
  ['tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn', 'SYN'],
  ['ip[0] & 0xf > 5', 'SYN'],
  ['broadcast', 'ARP'],
  ['ether src 02:00:00:00:00:02 and not arp', 'SYN TAGGED QUERY'],
  ['less 42', 'ARP'],
  ['greater 58', 'SYN TAGGED QUERY'],
  ['len = 58', 'SYN'],
  ['ip6 or arp and host 10.0.0.5', 'ARP'],
  ['ip6 or (arp and host 10.0.0.5)', 'QUERY ARP'],
  ['not tcp and not udp', 'TAGGED ARP'],
];

describe('filters take', () => {
  it.each(PASSING)('%s: %s', (expression, passing) => {
    const frames = Object.values(FRAMES).map((bytes) => ({ bytes }));
    const passes = room.run(compileFilter(expression, 1), frames);
    expect(Object.keys(FRAMES).filter((_, i) => passes[i])).toEqual(
      passing.split(' ').filter(Boolean),
    );
  });

  it('either byte order of a null capture', () => {
    const packet = SYN.subarray(14);
    const frames = ['02000000', '00000002'].map((family) => ({
      bytes: Uint8Array.from([...bytesOf(family), ...packet]),
    }));
    expect(room.run(compileFilter('tcp port 443', 0), frames)).toEqual([true, true]);
  });

  it('thousands of addresses', () => {
    const hosts = Array.from({ length: 4000 }, (_, i) => `10.1.${i >> 8}.${i & 255}`);
    const program = compileFilter(`host ${hosts.join(' or ')} or 10.0.0.5`, 1);
    expect(room.run(program, [{ bytes: SYN }, { bytes: QUERY }])).toEqual([true, false]);
  });

  it('no frame that ends before what is asked, and no longer one differently', () => {
    for (const [expression, passing] of PASSING) {
      if (!passing.includes('SYN') || /^$|less|len|greater/.test(expression)) continue;
      const program = compileFilter(expression, 1);
      const cuts = Array.from(SYN, (_, length) => ({ bytes: SYN.subarray(0, length), length: 58 }));
      const answers = room.run(program, cuts).join();
      expect(answers).toMatch(/^(false,)+true(,true)*$|^false(,false)*$/);
    }
  });
});

/** Those that change where the next ones look stand out of it. */
const MOVING = /vlan|mpls|pppoes/;
const expression = fc.constantFrom(...EXPRESSIONS.filter((text) => !MOVING.test(text)));
const frames = linkFrames(1, 400, 7);
const answers = (text: string): boolean[] => room.run(compileFilter(text, 1), frames);

describe('whatever is asked', () => {
  it('a double negation changes nothing, nor does saying it twice', () =>
    fc.assert(
      fc.property(expression, (e) => {
        const once = answers(e);
        expect(answers(`not not (${e})`)).toEqual(once);
        expect(answers(`(${e}) or (${e})`)).toEqual(once);
        expect(answers(`(${e}) and (${e})`)).toEqual(once);
      }),
    ));

  it('`and` takes what both take; `or`, of whole frames, what one takes', () =>
    fc.assert(
      fc.property(expression, expression, (a, b) => {
        const [one, other] = [answers(a), answers(b)];
        expect(answers(`(${a}) and (${b})`)).toEqual(one.map((passes, i) => passes && other[i]!));
        answers(`(${a}) or (${b})`).forEach((passes, i) => {
          // A frame that ends before what `a` asks fails the whole filter.
          if (passes) expect(one[i]! || other[i]!).toBe(true);
        });
      }),
    ));

  it('only the frame is read', () =>
    fc.assert(
      fc.property(fc.constantFrom(...EXPRESSIONS), fc.uint8Array({ maxLength: 80 }), (e, bytes) => {
        const program = compileFilter(e, 1);
        const [zeros, ones] = [0, 255].map((around) => room.run(program, [{ bytes }], around));
        expect(zeros).toEqual(ones);
      }),
      { numRuns: 300 },
    ));
});

/** A program of any words, with codes and jumps that are often good. */
const program = fc
  .array(
    fc.tuple(
      fc.nat({ max: 45 }),
      fc.oneof(fc.nat({ max: 100 }), fc.integer({ min: 0, max: 0xffff_ffff })),
      fc.nat({ max: 24 }),
      fc.nat({ max: 24 }),
    ),
    { maxLength: 20 },
  )
  .map((instructions) => asProgram(instructions));

function asProgram(instructions: readonly (readonly number[])[]): FilterProgram {
  const bytes = new Uint8Array(instructions.length * FILTER_INSTRUCTION_SIZE + FILTER_SCRATCH_SIZE);
  bytes.set(new Uint8Array(Uint32Array.from(instructions.flat()).buffer));
  return { bytes, instructions: instructions.length };
}

describe('a damaged program', () => {
  it('ends, and reads the frame only', () =>
    fc.assert(
      fc.property(program, fc.uint8Array({ maxLength: 80 }), (words, bytes) => {
        const [zeros, ones] = [0, 255].map((around) => room.run(words, [{ bytes }], around));
        expect(zeros).toEqual(ones);
      }),
      { numRuns: 500 },
    ));

  it.each([
    [
      'back',
      [
        [FILTER_LOAD_BYTE, 0, 0, 0],
        [FILTER_IF_EQUAL, 1, 0, 0],
        [FILTER_ACCEPT, 0, 0, 0],
      ],
    ],
    [
      'to itself',
      [
        [FILTER_IF_EQUAL, 0, 0, 0],
        [FILTER_ACCEPT, 0, 0, 0],
      ],
    ],
    [
      'past its end',
      [
        [FILTER_IF_EQUAL, 0, 9, 9],
        [FILTER_ACCEPT, 0, 0, 0],
      ],
    ],
  ])('that jumps %s takes nothing', (_, instructions) =>
    expect(room.run(asProgram(instructions), [{ bytes: SYN }])).toEqual([false]),
  );
});
