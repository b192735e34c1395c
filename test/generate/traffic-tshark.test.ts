import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tsharkAbsent } from '../capture/tshark.js';
import { asked, capture, policyOf } from './generated-packets.js';

if (tsharkAbsent)
  console.warn('tshark is not installed: generated traffic is not checked against it');

const CHECKED = ['ip', 'tcp', 'udp'].flatMap((name) => ['-o', `${name}.check_checksum:TRUE`]);
/** What tshark says of sequence numbers that a receiver would not expect. */
const COMPLAINTS = ['lost_segment', 'ack_lost_segment', 'out_of_order', 'retransmission'].map(
  (name) => `tcp.analysis.${name}`,
);
const FIELDS = [
  ...['tcp.stream', 'udp.stream', 'tcp.completeness'],
  ...COMPLAINTS,
  ...['ip', 'tcp', 'udp', 'icmp', 'icmpv6'].map((name) => `${name}.checksum.status`),
];

describe.skipIf(tsharkAbsent)('tshark reads generated traffic', () => {
  const protocols = { tcp: 50, udp: 50, icmp: 0 };
  // What is denied on its way out is not answered, but sent again: that would be told.
  const quiet = { insideShare: 0, dropShare: 0.2 };

  it('finds every flow, whole TCP conversations, and no wrong checksum', () => {
    const rows = dissect(
      capture(policyOf(), asked({ flows: 400, packets: 8000, protocols, ...quiet })),
    );
    expect(rows).toHaveLength(8000);
    const streams = (name: string) => new Set(rows.flatMap((row) => row[name] || []));
    expect(streams('tcp.stream').size + streams('udp.stream').size).toBe(400);
    for (const name of ['ip', 'tcp', 'udp']) {
      const seen = new Set(rows.flatMap((row) => row[`${name}.checksum.status`] || []));
      expect({ name, seen }).toEqual({ name, seen: new Set(['1']) });
    }
    // 31: SYN, SYN-ACK, ACK, data and FIN; 23 without data. It grows with every packet of a conversation.
    const completeness = new Map(rows.map((row) => [row['tcp.stream'], row['tcp.completeness']]));
    completeness.delete('');
    expect(new Set(completeness.values())).toEqual(new Set(['31', '23']));
    expect(COMPLAINTS.filter((name) => streams(name).size > 0)).toEqual([]);
  });

  it('has no complaint about ICMP and IPv6', () => {
    const icmp = { tcp: 0, udp: 0, icmp: 1 };
    const rows = dissect(
      capture(
        policyOf(),
        asked({ flows: 50, packets: 1000, protocols: icmp, ipv6Share: 0.5, ...quiet }),
      ),
    );
    for (const name of ['icmp', 'icmpv6']) {
      const seen = new Set(rows.flatMap((row) => row[`${name}.checksum.status`] || []));
      expect({ name, seen }).toEqual({ name, seen: new Set(['1']) });
    }
  });
});

function dissect(file: Uint8Array): Record<string, string>[] {
  const folder = mkdtempSync(join(tmpdir(), 'sgsim-'));
  const name = join(folder, 'made.pcap');
  writeFileSync(name, file);
  const fields = FIELDS.flatMap((field) => ['-e', field]);
  const { stdout, status } = spawnSync(
    'tshark',
    ['-r', name, '-n', '-T', 'fields', '-E', 'occurrence=f', ...CHECKED, ...fields],
    { maxBuffer: 1 << 26, encoding: 'utf8' },
  );
  rmSync(folder, { recursive: true });
  expect(status).toBe(0);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => Object.fromEntries(line.split('\t').map((value, i) => [FIELDS[i]!, value])));
}
