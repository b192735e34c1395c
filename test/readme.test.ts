import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import {
  DEFAULT_IDLE_SECONDS,
  DEFAULT_TRACKING,
  FIXED_IDLE_SECONDS,
} from '../src/model/tracking.js';
import { resolveTimeline } from '../src/policy/timeline.js';
import { assumptionsOf } from '../src/policy/assumptions.js';
import {
  FLOW_COLUMNS,
  INTERFACE_COLUMNS,
  PACKET_COLUMNS,
  RULE_COLUMNS,
} from '../src/model/verdict-table.js';
import { codesReference } from './readme-codes.js';
import { describeVpc, eni, group, prefixes } from './policy/describe-vpc.js';

/** The README's section with a title, its white space folded. */
function section(title: string): string {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const found = text.split(/^## /m).find((part) => part.startsWith(`${title}\n`));
  return (found ?? '').replaceAll(/\s+/g, ' ');
}

describe('the README tells what a capture can show', () => {
  const shows = section('What a capture can show');

  it.each([
    [
      'CP-1: what tcpdump sees',
      'inbound packets *after* ingress rules and outbound packets *before* egress rules (CP-1)',
    ],
    [
      'CP-2: what a mirror leaves out',
      'leaves out what security groups or network ACLs dropped at the source (CP-2)',
    ],
    ['CP-3: what a replay answers', 'would these packets pass under *these* rules?'],
    [
      'CP-3: what a predicted inbound drop means',
      'means other rules than then, a start in mid-flow, or an error of the model (CP-3)',
    ],
    [
      'CP-6: what is never mirrored',
      'never copies ARP, DHCP, instance metadata, NTP and Windows activation (CP-6)',
    ],
  ])('%s', (_, fact) => {
    expect(shows).toContain(fact);
  });
});

test('CT-24: default limits are those of classic Linux, and the README tells where current Linux differs', () => {
  const { tcpEstablished, udp, udpStream } = DEFAULT_IDLE_SECONDS;
  expect([tcpEstablished, udp, udpStream, FIXED_IDLE_SECONDS.other]).toEqual([
    432_000, 30, 180, 600,
  ]);
  const silent = section('Where AWS is silent');
  expect(silent).toContain('432,000 s for TCP, 30 s for UDP and 180 s for UDP streams');
  expect(silent).toContain('those of classic Linux, with 600 s for other protocols');
  expect(silent).toContain(
    'current Linux ends UDP streams after 120 s, picks up TCP in mid-stream and checks windows (CT-24)',
  );
});

test('NF-5: the README tells that outbound tcp/25 is blocked elsewhere', () => {
  expect(section('Limits')).toContain(
    'EC2 blocks outbound tcp/25 by default, outside security groups; sgsim does not (NF-5)',
  );
});

describe('the README tells what is not simulated', () => {
  it.each([
    [
      'SG-14: references over transit gateways',
      "hold in every Availability Zone, also in use1-az3, where AWS's do not (SG-14)",
    ],
    [
      'SG-16: sharing',
      "Which groups are shared with which accounts is not read: a warning tells of interfaces that carry another account's group (SG-16)",
    ],
    [
      'NF-4: multicast domains',
      'Multicast domains of transit gateways are not known: multicast is always dropped (NF-4)',
    ],
    [
      'NI-4: EC2 Instance Connect',
      "passes in AWS whatever the endpoint's groups say; here they are asked (NI-4)",
    ],
  ])('%s', (_, fact) => {
    expect(section('Limits')).toContain(fact);
  });
});

test('the README has every assumption that a report can tell of', () => {
  const world = describeVpc({
    groups: [group('sg-a', ['in all sg-a'])],
    interfaces: [eni('eni-a', ['10.0.0.5'], ['sg-a'])],
    paths: [{ prefix: prefixes('10.1.0.0/16')[0]!, via: 'lambda', place: '' }],
  });
  const timeline = resolveTimeline(world, [{ fromNs: 1n, text: 'none', description: world }]);
  const told = assumptionsOf(timeline, { ...DEFAULT_TRACKING, maxTracked: 1 });
  const silent = section('Where AWS is silent');
  const rules = [...new Set(told.map(({ rule }) => rule))];
  expect(rules.length).toBeGreaterThan(13);
  expect(rules.filter((rule) => !silent.includes(`(${rule})`))).toEqual([]);
});

test('the README has every code, as the code book has it (UPDATE=1 writes it)', () => {
  const path = new URL('../README.md', import.meta.url);
  const before = readFileSync(path, 'utf8');
  const at = /(?<=<summary>All codes<\/summary>\n\n)[^]*?(?=\n\n<\/details>)/;
  const reference = codesReference();
  if (process.env['UPDATE'] === '1')
    writeFileSync(
      path,
      before.replace(at, () => reference),
    );
  expect(at.exec(readFileSync(path, 'utf8'))?.[0]).toBe(reference);
  expect(reference).toContain(
    '| `not-opened` | verdict: drop | follows an opening that was denied |',
  );
});

describe('the README tells every column of', () => {
  const text = section('Verdicts as a table');
  const [packets, flows, query] = text.split(/(?=A flow has)|(?=`sgsim query` replays)/) as [
    string,
    string,
    string,
  ];

  it.each([
    ['packets', PACKET_COLUMNS, packets],
    ['rules', RULE_COLUMNS, query],
  ])('%s', (_, forms, part) => {
    for (const { name, kind } of forms) {
      expect(part).toContain(`\`${name}\``);
      if (kind === 'instant') expect(part).toContain(`\`${name}_ns\``);
    }
  });

  it('flows, of which those of their first packet are told with the packets', () => {
    for (const { name, kind } of FLOW_COLUMNS) {
      expect(packets + flows).toContain(`\`${name}\``);
      if (kind === 'instant') expect(flows).toContain(`\`${name}_ns\``);
    }
  });

  it('interfaces, but for their sums', () => {
    for (const { name } of INTERFACE_COLUMNS) {
      expect(query).toMatch(/_(packets|bytes)$/.test(name) ? 'by verdict' : `\`${name}\``);
    }
  });
});
