// Public addresses of interfaces (SG-10, SG-18): read wherever documents tell them, and never part of a verdict.
import { describe, expect, test } from 'vitest';
import type { DocumentFile } from '../../src/documents/files.js';
import { loadVpc } from '../../src/documents/load.js';
import { rewriteDocuments } from '../../src/documents/write-documents.js';
import { applyEdit } from '../../src/edits/apply.js';
import { formatAddress } from '../../src/model/address.js';
import { tcp } from '../explain/packets.js';
import { answerText, judgeOne } from '../explain/story.js';
import {
  awsGroup,
  awsInterface,
  describeVpc,
  errorsOf,
  json,
  warningsOf,
  yaml,
} from './loading.js';

const GROUPS = json('groups.json', { SecurityGroups: [awsGroup('sg-web')] });

/** Private address, own association, secondary one and its association. */
const associated = awsInterface('eni-a', '10.0.1.5', {
  Association: { PublicIp: '203.0.113.5', IpOwnerId: 'amazon' },
  PrivateIpAddresses: [
    {
      PrivateIpAddress: '10.0.1.5',
      Primary: true,
      Association: { PublicIp: '203.0.113.5', AllocationId: 'eipalloc-1' },
    },
    {
      PrivateIpAddress: '10.0.1.6',
      Primary: false,
      Association: { PublicIp: '203.0.113.6', CarrierIp: '203.0.113.7' },
    },
    { PrivateIpAddress: '10.0.1.7', Primary: false },
  ],
});

const plain = awsInterface('eni-a', '10.0.1.5', { Attachment: { DeviceIndex: 0 } });
const second = awsInterface('eni-b', '10.0.1.9', { Attachment: { DeviceIndex: 1 } });

const instances = (...enis: unknown[]): DocumentFile =>
  json('instances.json', {
    Reservations: [
      {
        Instances: [{ InstanceId: 'i-1', PublicIpAddress: '203.0.113.9', NetworkInterfaces: enis }],
      },
    ],
  });

const enis = (...all: unknown[]): DocumentFile => json('enis.json', { NetworkInterfaces: all });

/** Interface to its public addresses. */
const publicOf = (...files: DocumentFile[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    describeVpc(GROUPS, ...files).interfaces.map(({ id, publicAddresses }) => [
      id,
      publicAddresses?.map(formatAddress),
    ]),
  );

describe('are read', () => {
  const all = ['203.0.113.5', '203.0.113.6', '203.0.113.7'];

  test('of describe-network-interfaces: each once, the interface’s own first', () => {
    expect(publicOf(enis(associated))).toEqual({ 'eni-a': all });
  });

  test('of describe-instances: those of its interfaces, and its own for the primary one (NI-1)', () => {
    const eni = { ...associated, Attachment: { DeviceIndex: 0 } };
    expect(publicOf(instances(eni, second))).toEqual({
      'eni-a': [...all, '203.0.113.9'],
      'eni-b': undefined,
    });
  });

  test('of both: what either knows', () => {
    const files = [enis({ ...associated, Attachment: null }, second), instances(plain, second)];
    expect(
      publicOf(files[0]!, instances({ ...associated, Attachment: { DeviceIndex: 0 } })),
    ).toEqual({ 'eni-a': [...all, '203.0.113.9'], 'eni-b': undefined });
    expect(publicOf(enis(plain), files[1]!)['eni-a']).toEqual(['203.0.113.9']);
  });

  test('of short YAML', () => {
    const eni =
      '  eni-a: { addresses: [10.0.1.5], groups: [sg-web], vpc: vpc-1, public: [203.0.113.5] }';
    expect(publicOf(yaml('v.yaml', 'interfaces:', eni))).toEqual({ 'eni-a': ['203.0.113.5'] });
  });

  test('interfaces without any say nothing', () => {
    expect(describeVpc(GROUPS, enis(plain)).interfaces[0]).not.toHaveProperty('publicAddresses');
  });
});

describe('decide nothing', () => {
  test('what AWS documents have wrong is a warning', () => {
    const wrong = { ...plain, Association: { PublicIp: 'x.x.x.x', CarrierIp: null } };
    expect(warningsOf([GROUPS, enis(wrong)])).toEqual([
      'warning[address] enis.json: NetworkInterfaces[0].Association.PublicIp: "x.x.x.x" is not an ' +
        'IPv4 address; explanations do without it',
    ]);
    expect(warningsOf([GROUPS, enis({ ...plain, Association: 'none' })])).toEqual([]);
  });

  test('what people write wrong is an error', () => {
    const eni =
      '  eni-a: { addresses: [10.0.1.5], groups: [sg-web], vpc: vpc-1, public: [2001:db8::1] }';
    expect(errorsOf([GROUPS, yaml('v.yaml', 'interfaces:', eni)])).toEqual([
      `error[address] v.yaml:2:${eni.indexOf('2001') + 1}: interfaces.eni-a.public[0]: "2001:db8::1" is not an IPv4 address; ` +
        'write the address alone',
    ]);
  });

  test('two answers of different times may differ in them', () => {
    const later = { ...associated, Association: { PublicIp: '203.0.113.77' } };
    const files = [GROUPS, enis(associated), json('later.json', { NetworkInterfaces: [later] })];
    expect(errorsOf(files)).toEqual([]);
  });

  test('a rule that names a group matches no member’s public address (SG-10, SG-18)', () => {
    const vpc = describeVpc(
      yaml(
        'v.yaml',
        'groups: { sg-app: { egress: [] }, sg-db: { ingress: [tcp/5432 from sg-app], egress: [] } }',
        'interfaces:',
        '  eni-app: { addresses: [10.0.1.5], groups: [sg-app], public: [203.0.113.5] }',
        '  eni-db: { addresses: [10.0.1.6], groups: [sg-db], public: [203.0.113.6] }',
      ),
    );
    const answer = (ends: string): string => answerText(judgeOne(vpc, tcp(ends, 'S')));
    expect(answer('203.0.113.5:4000 > 10.0.1.6:5432')).toBe('drop no-rule');
    // Nor is an interface found by one.
    expect(answer('198.51.100.1:4000 > 203.0.113.6:5432')).toBe('not-judged no-interface');
  });

  test('edits leave them in the documents as they are', () => {
    const files = [json('groups.json', { SecurityGroups: [awsGroup('sg-web'), awsGroup('sg-b')] })];
    files.push({
      name: 'enis.json',
      text: JSON.stringify({ NetworkInterfaces: [associated] }, null, 4),
    });
    const { description } = loadVpc(files);
    const edit = { kind: 'set-groups', target: 'eni-a', groupIds: ['sg-b'] } as const;
    const applied = applyEdit(description, edit, () => 'sgr-1');
    if ('refusal' in applied) throw new Error(applied.refusal.message);
    const [written] = rewriteDocuments(files, description, applied.description, 'new.json');
    expect(JSON.parse(written!.text)).toEqual({
      NetworkInterfaces: [{ ...associated, Groups: [{ GroupName: 'sg-b', GroupId: 'sg-b' }] }],
    });
    expect(applied.description.interfaces[0]!.publicAddresses).toHaveLength(3);
  });
});
