// A connection table as text, JSON and in Linux's layout, from tables written by hand.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/model/address.js';
import type { ConnectionTable, LiveConnection } from '../../src/model/connections.js';
import { FLOW_STATES, type FlowEnds, type Remembered } from '../../src/model/remembered.js';
import { connectionsJson } from '../../src/report/connections-json.js';
import { connectionsText } from '../../src/report/connections-text.js';
import { conntrackLines } from '../../src/report/conntrack.js';
import { displayWidth } from '../../src/report/wrap.js';
import { HOSTILE_WORD } from './outcome-arbitrary.js';
import { checkSchemaForm, type Json } from './schema-form.js';

const SECOND = 1_000_000_000n;

function flow(local: string, remote: string, rest: Omit<FlowEnds, 'local' | 'remote'>): FlowEnds {
  return { local: parseAddress(local)!, remote: parseAddress(remote)!, ...rest };
}

function live(
  remembered: Pick<Remembered, 'flow' | 'state' | 'original'> & Partial<Remembered>,
  [there, back]: readonly [number, number],
  expiresInNs = 100n * SECOND,
): LiveConnection {
  return {
    remembered: {
      ...{ kind: 'connection', eni: 'eni-a', rule: 'sgr-1', lastSeenNs: 2n * SECOND },
      ...{ idleSeconds: 120, wasEstablished: false, turns: 0, lastWasOriginal: false },
      ...remembered,
      account: {
        ...{ createdNs: SECOND, createdFrame: 48_213 },
        original: { packets: there, bytes: there * 60 },
        reply: { packets: back, bytes: back * 60 },
      },
    },
    ...{ ageNs: 2n * SECOND, silentNs: SECOND, expiresInNs, ruleHolds: true },
  };
}

const TCP = flow('10.0.1.5', '10.0.2.9', { protocol: 6, localPort: 40_000, remotePort: 443 });
const DNS = flow('10.0.1.5', '10.0.2.9', { protocol: 17, localPort: 53, remotePort: 4000 });
const PING = { request: 8, id: 7, byLocal: true };
const PING_V6 = { request: 128, id: 9, byLocal: false };

const CONNECTIONS: readonly LiveConnection[] = [
  live(
    { flow: TCP, state: 'ESTABLISHED', original: 'egress', wasEstablished: true },
    [3, 2],
    432_000n * SECOND - 1n,
  ),
  live({ flow: TCP, state: 'SYN_SENT', original: 'egress' }, [1, 0], 119_999_999_999n),
  live({ flow: TCP, state: 'SYN_RECV', original: 'ingress' }, [1, 1], 60n * SECOND),
  live({ flow: DNS, state: 'UDP', original: 'ingress' }, [1, 0]),
  live({ flow: DNS, state: 'UDP', original: 'ingress' }, [1, 1]),
  live({ flow: DNS, state: 'UDP_STREAM', original: 'ingress' }, [2, 2]),
  live(
    {
      flow: flow('10.0.1.5', '10.0.2.9', { protocol: 1, query: PING }),
      state: 'ICMP',
      original: 'egress',
    },
    [1, 1],
  ),
  live(
    {
      flow: flow('2001:db8::5', '2001:db8::9', { protocol: 58, query: PING_V6 }),
      state: 'ICMP',
      original: 'ingress',
    },
    [1, 0],
  ),
  live(
    { flow: flow('10.0.1.5', '10.0.2.9', { protocol: 50 }), state: 'OTHER', original: 'egress' },
    [2, 1],
  ),
  live(
    { flow: flow('10.0.1.5', '10.0.2.9', { protocol: 132 }), state: 'OTHER', original: 'egress' },
    [1, 0],
    999n,
  ),
  // CT-14: picked up in mid-stream, and nobody has answered.
  live({ flow: TCP, state: 'ESTABLISHED', original: 'egress', wasEstablished: true }, [1, 0]),
];

const TABLE: ConnectionTable = {
  at: { timeNs: 3n * SECOND, offsetNs: 2n * SECOND, frame: 50_000 },
  interfaces: [
    { eni: 'eni-0', live: [], besides: { ended: 1, denied: 2, untracked: 1, firstFragments: 1 } },
    {
      eni: 'eni-a',
      name: 'app',
      live: CONNECTIONS,
      besides: { ended: 0, denied: 0, untracked: 0, firstFragments: 0 },
    },
  ],
};

/**
 * The lines of tcp, udp and protocol 50 have the words and blanks of those that conntrack 1.4.7 printed on Linux for such
 * traffic; those of ICMP follow its library.
 */
const CONNTRACK = `
tcp      6 431999 ESTABLISHED src=10.0.1.5 dst=10.0.2.9 sport=40000 dport=443 packets=3 bytes=180 src=10.0.2.9 dst=10.0.1.5 sport=443 dport=40000 packets=2 bytes=120 [ASSURED] mark=0 use=1
tcp      6 119 SYN_SENT src=10.0.1.5 dst=10.0.2.9 sport=40000 dport=443 packets=1 bytes=60 [UNREPLIED] src=10.0.2.9 dst=10.0.1.5 sport=443 dport=40000 packets=0 bytes=0 mark=0 use=1
tcp      6 60 SYN_RECV src=10.0.2.9 dst=10.0.1.5 sport=443 dport=40000 packets=1 bytes=60 src=10.0.1.5 dst=10.0.2.9 sport=40000 dport=443 packets=1 bytes=60 mark=0 use=1
udp      17 100 src=10.0.2.9 dst=10.0.1.5 sport=4000 dport=53 packets=1 bytes=60 [UNREPLIED] src=10.0.1.5 dst=10.0.2.9 sport=53 dport=4000 packets=0 bytes=0 mark=0 use=1
udp      17 100 src=10.0.2.9 dst=10.0.1.5 sport=4000 dport=53 packets=1 bytes=60 src=10.0.1.5 dst=10.0.2.9 sport=53 dport=4000 packets=1 bytes=60 mark=0 use=1
udp      17 100 src=10.0.2.9 dst=10.0.1.5 sport=4000 dport=53 packets=2 bytes=120 src=10.0.1.5 dst=10.0.2.9 sport=53 dport=4000 packets=2 bytes=120 [ASSURED] mark=0 use=1
icmp     1 100 src=10.0.1.5 dst=10.0.2.9 type=8 code=0 id=7 packets=1 bytes=60 src=10.0.2.9 dst=10.0.1.5 type=0 code=0 id=7 packets=1 bytes=60 mark=0 use=1
icmpv6   58 100 src=2001:db8::9 dst=2001:db8::5 type=128 code=0 id=9 packets=1 bytes=60 [UNREPLIED] src=2001:db8::5 dst=2001:db8::9 type=129 code=0 id=9 packets=0 bytes=0 mark=0 use=1
unknown  50 100 src=10.0.1.5 dst=10.0.2.9 packets=2 bytes=120 src=10.0.2.9 dst=10.0.1.5 packets=1 bytes=60 mark=0 use=1
sctp     132 0 src=10.0.1.5 dst=10.0.2.9 packets=1 bytes=60 [UNREPLIED] src=10.0.2.9 dst=10.0.1.5 packets=0 bytes=0 mark=0 use=1
tcp      6 100 ESTABLISHED src=10.0.1.5 dst=10.0.2.9 sport=40000 dport=443 packets=1 bytes=60 [UNREPLIED] src=10.0.2.9 dst=10.0.1.5 sport=443 dport=40000 packets=0 bytes=0 mark=0 use=1
`;

it("is in the layout of Linux's conntrack -L", () => {
  const lines = [...conntrackLines(TABLE, { namesInterface: false })];
  expect(`\n${lines.join('\n')}\n`).toBe(CONNTRACK);
  const named = [...conntrackLines(TABLE, { namesInterface: true })];
  expect(named).toEqual(lines.map((line) => `${line} eni=eni-a`));
});

const TEXT = `connections at 1970-01-01T00:00:03.000000Z (+2 s), after frame 50000

eni-0: 0 connections
  besides: 1 ended connection (CT-14), 2 denied openings (CT-25), 1 untracked
    flow (CT-6), 1 first fragment (CT-18)

eni-a (app): 11 connections
  10.0.1.5:40000 > 10.0.2.9:443 tcp ESTABLISHED, opened egress
    opened 2 s ago in frame 48213 by sgr-1
    silent 1 s, 4 d 23 h left; 3 packets (180 B), 2 back (120 B)
  10.0.1.5:40000 > 10.0.2.9:443 tcp SYN_SENT, opened egress
    opened 2 s ago in frame 48213 by sgr-1
    silent 1 s, 1 min 59 s left; 1 packet (60 B), 0 back (0 B)
  10.0.2.9:443 > 10.0.1.5:40000 tcp SYN_RECV, opened ingress
    opened 2 s ago in frame 48213 by sgr-1
    silent 1 s, 1 min 0 s left; 1 packet (60 B), 1 back (60 B)
  10.0.2.9:4000 > 10.0.1.5:53 udp, opened ingress
    opened 2 s ago in frame 48213 by sgr-1
    silent 1 s, 1 min 40 s left; 1 packet (60 B), 0 back (0 B)
`;

const text = (table: ConnectionTable, color = false): string[] => [
  ...connectionsText(table, { color }),
];

describe('text', () => {
  it('is as written by hand', () => {
    expect(`${text(TABLE).join('\n')}\n`.slice(0, TEXT.length)).toBe(TEXT);
  });

  it('names what has no ports, in its own words', () => {
    const heads = text(TABLE).filter((line) => / opened (in|e)gress$/.test(line));
    expect(heads.slice(5, 10)).toEqual([
      '  10.0.2.9:4000 > 10.0.1.5:53 udp stream, opened ingress',
      '  10.0.1.5 > 10.0.2.9 icmp echo request (8/0), id 7, opened egress',
      '  2001:db8::9 > 2001:db8::5 icmpv6 echo request (128/0), id 9, opened ingress',
      '  10.0.1.5 > 10.0.2.9 esp, opened egress',
      '  10.0.1.5 > 10.0.2.9 sctp, opened egress',
    ]);
  });

  it('colours nothing but what is secondary, and says the same', () => {
    // eslint-disable-next-line no-control-regex -- escape sequences are what it looks for
    const bare = text(TABLE, true).map((line) => line.replaceAll(/\u001b\[(2|22)m/g, ''));
    expect(bare).toEqual(text(TABLE));
    expect(text(TABLE, true)).not.toEqual(bare);
  });

  it('is no wider than 80 columns and steers no terminal, whatever documents name things', () => {
    fc.assert(
      fc.property(HOSTILE_WORD, HOSTILE_WORD, HOSTILE_WORD, (eni, name, rule) => {
        const [one, two] = CONNECTIONS;
        const both = [one!, two!].map(({ remembered, ...rest }) => ({
          ...{ ...rest, ruleHolds: false, remembered: { ...remembered, rule } },
        }));
        const [, it] = TABLE.interfaces;
        const table = { ...TABLE, interfaces: [{ ...it!, eni, name, live: both }] };
        for (const line of text(table)) {
          expect(displayWidth(line)).toBeLessThanOrEqual(80);
          expect(line).not.toMatch(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
        }
        for (const line of conntrackLines(table, { namesInterface: true })) {
          expect(line).not.toMatch(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
        }
      }),
      { numRuns: 200 },
    );
  });
});

const schema = JSON.parse(
  readFileSync(new URL('../../src/report/connections.schema.json', import.meta.url), 'utf8'),
) as Record<string, Json>;
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

const json = (table: ConnectionTable): string => `${[...connectionsJson(table)].join('\n')}\n`;
const EMPTY: ConnectionTable = { ...TABLE, interfaces: [] };

describe('JSON', () => {
  it('keeps to its schema, which can fail', () => {
    for (const table of [TABLE, EMPTY]) {
      expect(validate(JSON.parse(json(table))), JSON.stringify(validate.errors)).toBe(true);
    }
    const document = JSON.parse(json(TABLE)) as Record<string, Json>;
    expect(validate({ ...document, extra: 1 })).toBe(false);
    expect(validate({ ...document, version: 2 })).toBe(false);
    expect(validate({ ...document, at: undefined })).toBe(false);
  });

  it('has a schema that describes every property, requires it, and allows no other', () => {
    expect(checkSchemaForm(schema)).toBe(9);
    expect(schema).toHaveProperty('$defs.connection.properties.state.enum', FLOW_STATES);
  });

  it('is one object with a line for each connection', () => {
    const document = JSON.parse(json(TABLE)) as { connections: readonly Json[] };
    expect(document.connections).toHaveLength(CONNECTIONS.length);
    const lines = json(TABLE)
      .split('\n')
      .filter((line) => line.startsWith('    {"kind"'));
    expect(lines.map((line) => JSON.parse(line.replace(/,$/, '')) as Json)).toEqual(
      document.connections,
    );
    expect(JSON.parse(json(EMPTY))).toMatchObject({ interfaces: [], connections: [] });
  });

  it('says the same numbers as the text', () => {
    const { interfaces, connections } = JSON.parse(json(TABLE)) as {
      interfaces: readonly { besides: Json; connections: number }[];
      connections: readonly Record<string, Json>[];
    };
    expect(interfaces[0]).toEqual({
      ...{ eni: 'eni-0', name: null, connections: 0 },
      besides: { ended: 1, denied: 2, untracked: 1, firstFragments: 1 },
    });
    expect(interfaces[1]).toMatchObject({ eni: 'eni-a', name: 'app', connections: 11 });
    expect(connections[0]).toMatchObject({
      ...{ ageNs: '2000000000', silentNs: '1000000000', expiresInNs: '431999999999999' },
      ...{ state: 'ESTABLISHED', original: 'egress', rule: 'sgr-1', ruleHolds: true },
      account: { original: { packets: 3, bytes: 180 }, reply: { packets: 2, bytes: 120 } },
    });
  });

  it('escapes what steers a terminal, and loses none of it', () => {
    const hostile = '\u001b[2J\u009b31m\u202e\u2028';
    const [, it] = TABLE.interfaces;
    const told = json({ ...TABLE, interfaces: [{ ...it!, eni: hostile }] });
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    expect(told).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
    const { interfaces } = JSON.parse(told) as { interfaces: readonly { eni: string }[] };
    expect(interfaces[0]!.eni).toBe(hostile);
  });
});
