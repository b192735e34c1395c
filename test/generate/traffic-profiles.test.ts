import { describe, expect, it } from 'vitest';
import { asked, capture, flowsOf, packetsOf, policyOf } from './generated-packets.js';
import { ACK, RST, SYN } from '../../src/model/protocol.js';

const policy = policyOf();
const generate = (profile: 'port-scan' | 'syn-flood', flows: number, dropShare?: number) =>
  packetsOf(
    capture(policy, asked({ profile, flows, ...(dropShare === undefined ? {} : { dropShare }) })),
  );

describe('a port scan', () => {
  const TARGETS = ['0a000114', '0a00011e', '0a000228'];
  const packets = generate('port-scan', 3 * 65_535);
  const flows = flowsOf(packets);

  it('is one host that tries every port of every address once', () => {
    expect(new Set(flows.map(([first]) => first!.source)).size).toBe(1);
    const probed = flows.map(([first]) => `${first!.destination}:${first!.destinationPort}`);
    expect(new Set(probed).size).toBe(3 * 65_535);
    expect([...new Set(flows.map(([first]) => first!.destination))].sort()).toEqual(TARGETS);
  });

  it('leaves what answers half-open, and hears nothing of the rest', () => {
    const answered = flows.filter(({ length }) => length > 1);
    expect(answered.map(([first]) => first!.destinationPort)).toEqual([443, 443]);
    for (const flow of answered) {
      expect(flow.map(({ flags }) => flags)).toEqual([SYN, SYN | ACK, RST]);
    }
    const others = flows.filter(({ length }) => length === 1);
    expect(others.every(([only]) => only!.flags === SYN)).toBe(true);
    expect(answered.length + others.length).toBe(flows.length);
  });
});

describe('a SYN flood', () => {
  it('comes from ever other sources to one service, and no handshake is finished', () => {
    const flows = flowsOf(generate('syn-flood', 5000));
    expect(flows).toHaveLength(5000);
    expect(new Set(flows.map(([first]) => first!.source)).size).toBe(5000);
    const victims = flows.map(([first]) => `${first!.destination}:${first!.destinationPort}`);
    expect(new Set(victims).size).toBe(1);
    for (const flow of flows) expect(flow.map(({ flags }) => flags)).toEqual([SYN, SYN | ACK]);
  });

  it('meets closed ports as often as that is asked for', () => {
    const packets = generate('syn-flood', 3000, 0.4);
    const silent = flowsOf(packets).filter(({ length }) => length === 1);
    expect(silent.length / packets.length).toBeCloseTo(0.4, 2);
  });
});
