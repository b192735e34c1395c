import { describe, expect, it } from 'vitest';
import { createTraffic } from '../../src/generate/traffic.js';
import type { TrafficOptions } from '../../src/generate/traffic-options.js';
import { InputError } from '../../src/model/diagnostic.js';
import { TINY_VPC } from '../cli/tiny.js';
import { asked, capture, flowsOf, packetsOf, policyOf } from './generated-packets.js';

const policy = policyOf();
const generate = (options: Partial<TrafficOptions>) => packetsOf(capture(policy, asked(options)));

/** Share of a list for which something holds. */
const share = <T>(list: readonly T[], holds: (it: T) => boolean): number =>
  list.filter(holds).length / list.length;

describe('flows', () => {
  const protocols = { tcp: 60, udp: 40, icmp: 0 };
  const packets = generate({ flows: 2000, packets: 40_000, protocols, ipv6Share: 0.4 });
  const flows = flowsOf(packets);

  it('are as many as are asked for, each with a five-tuple of its own', () => {
    expect(packets).toHaveLength(40_000);
    expect(flows).toHaveLength(2000);
  });

  // Four standard deviations of 2,000 draws are less than 0.045.
  it('have protocols and families as asked for', () => {
    expect(share(flows, ([first]) => first!.protocol === 6)).toBeCloseTo(0.6, 1);
    expect(share(flows, ([first]) => first!.family === 6)).toBeCloseTo(0.4, 1);
  });

  it('have packets both ways, in trains, at the rate that is asked for', () => {
    const tcp = flows.filter(([first]) => first!.protocol === 6);
    expect(tcp.every((flow) => flow.some(({ source }) => source !== flow[0]!.source))).toBe(true);
    const last = packets.at(-1)!.seconds - packets[0]!.seconds;
    expect(40_000 / last / 100_000).toBeCloseTo(1, 1);
  });

  it('are of heavy-tailed lengths, or of even ones', () => {
    const lengths = flows.map(({ length }) => length).sort((one, other) => one - other);
    expect(lengths[1000]).toBeLessThan(17);
    expect(lengths.at(-1)).toBeGreaterThan(200);
    const even = flowsOf(generate({ flows: 500, packets: 6000, lengths: 'even', protocols }));
    expect(Math.max(...even.map(({ length }) => length))).toBeLessThan(20);
  });
});

it('shares of packets that must be dropped are met to a flow', () => {
  for (const dropShare of [0, 0.1, 0.38, 0.9, 1]) {
    const options = asked({ flows: 1000, packets: 20_000, lengths: 'even', dropShare });
    const traffic = createTraffic(policy, options);
    const target = new Uint8Array(1 << 20);
    while (traffic.fill(target) > 0);
    const { dropped, packets } = traffic.expected();
    expect(Math.abs(dropped.packets - dropShare * packets)).toBeLessThan(40);
  }
});

describe('sizes', () => {
  const protocols = { tcp: 1, udp: 0, icmp: 0 };
  const sizesOf = (sizes: TrafficOptions['sizes'], snapLength = 262_144) =>
    generate({ flows: 20, packets: 20_000, protocols, ipv6Share: 0, sizes, snapLength });

  it('of an IMIX are 7 : 4 : 1 of 60, 590 and 1514 bytes, besides handshakes', () => {
    const packets = sizesOf('imix');
    expect([...new Set(packets.map(({ wire }) => wire))].sort((a, b) => a - b)).toEqual([
      60, 66, 590, 1514,
    ]);
    expect(share(packets, ({ wire }) => wire === 590)).toBeCloseTo(4 / 12, 1);
    expect(share(packets, ({ wire }) => wire === 1514)).toBeCloseTo(1 / 12, 1);
  });

  it('of one length are that length, and what acknowledges is small', () => {
    const packets = sizesOf({ from: 512, to: 512 });
    expect(new Set(packets.map(({ wire }) => wire))).toEqual(new Set([60, 66, 512]));
  });

  it('are cut where that is asked for', () => {
    const packets = sizesOf('imix', 96);
    expect(packets.every(({ wire, kept }) => kept === Math.min(wire, 96))).toBe(true);
  });
});

it('popularity makes some talk far more than others', () => {
  const busiest = (zipf: number): number => {
    const flows = flowsOf(generate({ flows: 2000, packets: 20_000, zipf, ipv6Share: 0 }));
    const counts = new Map<string, number>();
    for (const [first] of flows) {
      counts.set(first!.source, (counts.get(first!.source) ?? 0) + 1);
    }
    // The three interfaces open flows too.
    return [...counts.entries()]
      .filter(([source]) => !source.startsWith('0a00'))
      .reduce((most, [, count]) => Math.max(most, count), 0);
  };
  expect(busiest(0)).toBeLessThan(20);
  expect(busiest(1.2)).toBeGreaterThan(60);
});

describe('what the VPC has no flows for is refused', () => {
  const refusal = (options: Partial<TrafficOptions>, vpc = TINY_VPC): string => {
    try {
      createTraffic(policyOf(vpc), asked(options));
    } catch (error) {
      if (error instanceof InputError) return error.message;
      throw error;
    }
    return 'none';
  };
  const OPEN = TINY_VPC.replace('egress: []', 'egress: [all to any]').replace(
    '[{ id: sgr-https, rule: tcp/443 from 203.0.113.0/24 }]',
    '[all from any]',
  );

  it.each([
    ['IPv6', { ipv6Share: 0.1 }, 'the VPC has no flow over IPv6'],
    [
      'allowed UDP',
      { protocols: { tcp: 0, udp: 1, icmp: 0 }, dropShare: 0 },
      'the VPC has no flow that is allowed',
    ],
    [
      'what a single host cannot be',
      { profile: 'syn-flood', ipv6Share: 1 },
      'the VPC has no flow of tcp from outside that is allowed',
    ],
    ['too few packets', { flows: 100, packets: 100 }, '100 packets are too few for 100 flows'],
  ] as const)('%s', (_, options, fact) => {
    expect(refusal(options)).toContain(`error[traffic] ${fact}; `);
  });

  it('drops, where everything is open', () => {
    expect(refusal({ dropShare: 0.1 }, OPEN)).toContain('the VPC has no flow that is dropped; ');
    expect(refusal({}, OPEN)).toBe('none');
  });
});
