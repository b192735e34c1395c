import { describe, expect, it } from 'vitest';
import * as layout from '../../src/kernel/layout.js';
import { FLOW_STATES } from '../../src/model/remembered.js';
import { VERDICT_CODES } from '../../src/model/verdict.js';
import { PATH_KINDS } from '../../src/model/vpc.js';

const CONSTANTS = Object.entries(layout);
const VERDICTS = ['allow', 'drop', 'not-filtered', 'not-judged'] as const;

it('kinds of path have the numbers of the model, from 1', () => {
  expect(PATH_KINDS[layout.PATH_NETWORK_LOAD_BALANCER - 1]).toBe('network-load-balancer');
  expect(PATH_KINDS[layout.PATH_DYNAMODB - 1]).toBe('dynamodb');
});

describe('verdict codes', () => {
  it('have the numbers of the model, by name, and no others', () => {
    const codes = CONSTANTS.filter(([name]) => /^(ALLOW|DROP|NOT_FILTERED|NOT_JUDGED)_/.test(name));
    expect(Object.fromEntries(codes)).toEqual(
      Object.fromEntries(
        VERDICT_CODES.map(({ number, name, verdict }) => [constantName(verdict, name), number]),
      ),
    );
  });

  it.each(VERDICT_CODES)('$number is $verdict', ({ number, verdict }) => {
    expect(VERDICTS[number >> layout.CODE_VERDICT_SHIFT]).toBe(verdict);
    expect(number).toBeLessThan(layout.CODES);
  });

  it('are never the mark of an IP row', () => {
    expect(VERDICT_CODES.map(({ number }) => number)).not.toContain(layout.CONTENT_IP);
  });
});

function constantName(verdict: string, name: string): string {
  const short = name === 'unsupported-by-vpc' ? 'unsupported' : name;
  return `${verdict}-${short}`.replaceAll('-', '_').toUpperCase();
}

/** Sizes of every record's fields in bytes. Those without a constant are named in lower case. */
const RECORDS = {
  ROW: {
    TIME: 8,
    CLOCK: 8,
    SOURCE: 16,
    DESTINATION: 16,
    SOURCE_MAC: 8,
    DESTINATION_MAC: 8,
    LENGTH: 4,
    SOURCE_PORT: 2,
    DESTINATION_PORT: 2,
    PROTOCOL: 1,
    TCP_FLAGS: 1,
    CONTENT: 1,
    FLAGS: 1,
    FRAGMENT_ID: 4,
    SHARD_HASH: 4,
    FRAGMENT_OFFSET: 2,
    IP_LENGTH: 2,
    QUOTE_SOURCE: 16,
    QUOTE_DESTINATION: 16,
    QUOTE_SOURCE_PORT: 2,
    QUOTE_DESTINATION_PORT: 2,
    QUOTE_PROTOCOL: 1,
    KNOWN: 1,
    CAPTURE: 2,
  },
  VERDICT: { CODE: 1, ANSWERS: 1, FLAGS: 1, BEGINS: 1, FIRST: 12, SECOND: 12, PORT: 4 },
  CONNECTION: {
    LOCAL: 16,
    REMOTE: 16,
    PORTS: 4,
    SCOPE: 4,
    HASH: 4,
    RULE: 4,
    LAST_SEEN: 8,
    REPLY_RULE: 4,
    STATE: 1,
    DIRECTION: 1,
    FLAGS: 1,
    TURNS: 1,
  },
  ACCOUNT: { CREATED: 8, FRAME: 8, ORIGINAL: 16, REPLY: 16 },
  FRAME: {
    TIME: 8,
    NUMBER: 8,
    ORIGIN: 8,
    AT: 4,
    CAPTURED: 4,
    WIRE: 4,
    LINK_TYPE: 2,
    CAPTURE: 2,
  },
  BATCH: { TABLE: 4, FRAMES: 4, BYTES: 4, CLOCK: 8 },
  WALK: {
    FORMAT: 4,
    LINK_TYPE: 4,
    CAPTURE: 4,
    INTERFACES: 4,
    INTERFACE_COUNT: 4,
    FAULT: 4,
    SKIP: 8,
    FRAMES: 8,
    LATEST: 8,
  },
  CARD: { LINK_TYPE: 4, SNAP_LENGTH: 4, CLOCK: 4, FACTOR: 8, OFFSET: 8 },
  ADMISSION: {
    CAPTURES: 4,
    PROGRAMS: 4,
    PROGRAM_COUNT: 4,
    REFUSED: 4,
    SEEN: 8,
    ADMITTED: 8,
    MOST: 8,
    FROM: 8,
    TO: 8,
    CLOCK: 8,
    LINKS: 4,
    LAST: 8,
    UNTIL: 8,
  },
  PROGRAM: { LINK_TYPE: 4, AT: 4, INSTRUCTIONS: 4 },
  CAPTURE: {
    INTERFACE: 4,
    FROM: 8,
    TO: 8,
    FRAMES: 8,
    BYTES: 8,
    EARLIEST: 8,
    LATEST: 8,
    DISORDERED: 8,
    OVERLONG: 8,
    UNTIMED: 8,
  },
  INTERFACE: {
    SET: 4,
    CHECK: 4,
    SUBNETS: 4,
    SUBNET_COUNT: 4,
    RESOLVER: 4,
    INSTANCE: 4,
    IDLE: 4,
  },
  SETTINGS: {
    PHASES: 4,
    PHASE_COUNT: 4,
    MIDSTREAM: 4,
    REMEMBER_DENIED: 4,
    HISTORY: 8,
    SEED: 8,
    RELATED: 4,
    EXEMPT: 4,
    AUTO_TRACKED: 4,
    MAX_TRACKED: 4,
    CAPTURES: 4,
    CAPTURE_COUNT: 4,
    DECAP: 4,
    VNIS: 4,
    VNI_COUNT: 4,
    CHECKSUMS: 4,
    ACCOUNTS: 8,
  },
  VNI: { NUMBER: 4, CAPTURE: 4 },
  PHASE: { FROM: 8, IMAGE: 4 },
  SUBNET: { FAMILY: 4, LENGTH: 4, FIRST: 16 },
  LONE: { HI: 8, LO: 8, LENGTH: 4, VALUE: 4, OTHERWISE: 4 },
  PART: { TABLE: 4, SHIFT: 4 },
  SIDE: { PART: layout.PART_SIZE, SHARED: 4, ANY_PEER: 4, OPEN: 4 },
  NODE: { CHILDREN: 8, LEAVES: 8, FIRST_CHILD: 4, FIRST_LEAF: 4 },
  ENTRY: { FROM: 2, PROTOCOL: 2, TO: 4, RULE: 4 },
  GROUP: {
    KEY: 8,
    PACKETS: 8,
    BYTES: 8,
    FLOWS: 8,
    FIRST: 8,
    LAST: 8,
    FRAME: 8,
    SOURCE: 16,
    DESTINATION: 16,
    SOURCE_PORT: 2,
    DESTINATION_PORT: 2,
    FLAGS: 4,
  },
} satisfies Record<string, Record<string, number | { at: number; size: number }>>;

/** Records whose size has a name of another shape. */
const IMAGE = {
  magic: { at: 0, size: 4 },
  INTERFACES: 4,
  SETS: 4,
  ADDRESS_SLOTS: 4,
  ADDRESS_MASK: 4,
  MAC_BUCKETS: 4,
  MAC_SHIFT: 4,
  DELEGATED4: 4,
  DELEGATED6: 4,
  INTERFACE_COUNT: 4,
  RULE_COUNT: 4,
  IPV4_BUCKETS: 4,
  IPV4_SHIFT: 4,
  PATHS4: 4,
  PATHS6: 4,
  PEERS4: 4,
  PEERS6: 4,
};
const ANSWER = { INTERFACE: 4, RULE: 4, CODE: 1, DIRECTION: 1 };

describe('fields of a record lie inside it, apart and aligned', () => {
  it.each([
    ...Object.entries(RECORDS).map(([name, fields]) => ({
      name,
      fields: fields,
      size: constant(`${name}_SIZE`),
    })),
    { name: 'IMAGE', fields: IMAGE as Fields, size: layout.IMAGE_HEADER },
    { name: 'ANSWER', fields: ANSWER, size: layout.VERDICT_SECOND - layout.VERDICT_FIRST },
  ])('$name', ({ name, fields, size: recordSize }) => {
    const spans = Object.entries(fields)
      .map(([field, value]) =>
        typeof value === 'number'
          ? { field, at: constant(`${name}_${field}`), size: value }
          : { field, ...value },
      )
      .sort((a, b) => a.at - b.at);
    spans.forEach(({ field, at, size }, i) => {
      const next = spans[i + 1]?.at ?? recordSize;
      expect({ field, fits: at + size <= next }).toEqual({ field, fits: true });
      expect({ field, misaligned: at % alignment(size) }).toEqual({
        field,
        misaligned: 0,
      });
    });
    const others = ['SIZE', 'MAGIC', 'HEADER'];
    const named = CONSTANTS.map(([constantName]) => constantName)
      .filter((each) => each.startsWith(`${name}_`))
      .map((each) => each.slice(name.length + 1))
      .filter((field) => !others.includes(field) && !/(_SIZE|TALLIES|_MAX)$/.test(field));
    const known = Object.keys(fields).filter((field) => field === field.toUpperCase());
    expect(named.sort()).toEqual(known.sort());
  });
});

type Fields = Readonly<Record<string, number | { at: number; size: number }>>;

function alignment(size: number): number {
  return [8, 4, 2].find((step) => size % step === 0) ?? 1;
}

/** The constant of a live state. */
function constantOf(name: string, state: number): string {
  if (state >= layout.LIVE_UDP) return `LIVE_${name}`;
  return name === 'SYN_RECV' ? 'SYN_RECEIVED' : name;
}

function constant(name: string): number {
  const entry = CONSTANTS.find(([each]) => each === name);
  if (entry === undefined) throw new Error(`no constant ${name}`);
  return entry[1];
}

describe('small numbers with a meaning', () => {
  it.each([
    ['FLAG_', (name: string) => /^FLAG_/.test(name)],
    ['FORMAT_', (name: string) => /^FORMAT_/.test(name)],
    ['OPEN_', (name: string) => /^OPEN_/.test(name)],
    ['KNOWN_', (name: string) => /^KNOWN_/.test(name)],
    ['DECAP_', (name: string) => /^DECAP_/.test(name)],
  ])('%s bits are single and distinct', (_prefix, belongs) => {
    const bits = CONSTANTS.filter(([name]) => belongs(name)).map(([, value]) => value);
    expect(bits.length).toBeGreaterThan(1);
    expect(bits.every((bit) => bit > 0 && (bit & (bit - 1)) === 0)).toBe(true);
    expect(new Set(bits).size).toBe(bits.length);
  });

  it('flags fit the byte that a row has for them', () => {
    const flags = CONSTANTS.filter(([name]) => name.startsWith('FLAG_'));
    expect(Math.max(...flags.map(([, value]) => value))).toBeLessThan(256);
  });

  it('a trace holds a connection and its account, twice', () => {
    expect(layout.TRACE_ACCOUNT).toBe(layout.CONNECTION_SIZE);
    expect(layout.TRACE_SECOND).toBe(layout.CONNECTION_SIZE + layout.ACCOUNT_SIZE);
    expect(layout.TRACE_SIZE).toBe(2 * layout.TRACE_SECOND);
  });

  it('an account is as large as a connection: one address tells the other', () => {
    expect(layout.ACCOUNT_SIZE).toBe(layout.CONNECTION_SIZE);
    expect(layout.SEGMENT_BYTES).toBe(layout.CONNECTION_SIZE << layout.SEGMENT_SHIFT);
  });

  it('live states have the names of the model, in its order', () => {
    const numbers = FLOW_STATES.map((name, i) => constant(constantOf(name, i + 1)));
    expect(numbers).toEqual(FLOW_STATES.map((_, i) => i + 1));
    expect(numbers.at(-1)).toBe(layout.LAST_LIVE);
  });

  it('interface tallies hold packets and bytes for two directions and four verdicts', () => {
    expect(layout.INTERFACE_TALLIES).toBe(2 * 4 * 2 * 8);
  });
});
