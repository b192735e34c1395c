import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetReadObjects } from 'hyparquet';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { parseAddress } from '../../src/model/address.js';
import { FLOW_LOG_FIELDS, columnType } from '../../src/model/flow-log-field.js';
import type { LoggedFlow } from '../../src/model/logged-flow.js';
import { createRecordWriter, flowLogHeader } from '../../src/report/flow-log-line.js';
import { createFlowLogParquet } from '../../src/report/flow-log-parquet.js';

const FIELDS = FLOW_LOG_FIELDS.map(({ name }) => name);

const json = (text: unknown) => ({
  name: `${Object.keys(text as object)[0]}.json`,
  text: JSON.stringify(text),
});
const { description } = loadVpc([
  json({
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-a',
        ...{ VpcId: 'vpc-1', SubnetId: 'subnet-a', OwnerId: '123456789012' },
        AvailabilityZone: 'us-east-1a',
        Attachment: { InstanceId: 'i-0c1f' },
        PrivateIpAddresses: [
          { PrivateIpAddress: '10.0.1.21', Primary: false },
          { PrivateIpAddress: '10.0.1.20', Primary: true },
        ],
        Ipv6Addresses: [{ Ipv6Address: '2001:db8::20' }],
        Groups: [{ GroupId: 'sg-1' }],
      },
      {
        NetworkInterfaceId: 'eni-bare',
        VpcId: 'vpc-1',
        PrivateIpAddress: '10.0.1.30',
        Groups: [{ GroupId: 'sg-1' }],
      },
    ],
  }),
  json({
    Subnets: [
      {
        SubnetId: 'subnet-a',
        VpcId: 'vpc-1',
        CidrBlock: '10.0.1.0/24',
        AvailabilityZoneId: 'use1-az4',
      },
    ],
  }),
  json({
    SecurityGroups: [
      {
        GroupId: 'sg-1',
        GroupName: 'one',
        VpcId: 'vpc-1',
        IpPermissions: [],
        IpPermissionsEgress: [],
      },
    ],
  }),
  json({
    Vpcs: [
      { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' },
      { VpcId: 'vpc-2', CidrBlock: '10.2.0.0/16' },
      { VpcId: 'vpc-3', CidrBlock: '10.3.0.0/16' },
      { VpcId: 'vpc-4', CidrBlock: '10.4.0.0/16' },
    ],
  }),
  json({
    VpcPeeringConnections: [
      ['2', 'active', 'us-east-1'],
      ['3', 'active', 'eu-west-1'],
      ['4', 'deleted', 'us-east-1'],
    ].map(([number, Code, Region]) => ({
      VpcPeeringConnectionId: `pcx-${number}`,
      Status: { Code },
      RequesterVpcInfo: { VpcId: `vpc-${number}`, Region },
      AccepterVpcInfo: { VpcId: 'vpc-1', Region: 'us-east-1' },
    })),
  }),
]);

const FLOW: LoggedFlow = {
  ...{ eni: 'eni-a', direction: 'ingress', accepted: true, protocol: 6 },
  source: parseAddress('203.0.113.7')!,
  destination: parseAddress('10.0.1.21')!,
  ...{ sourcePort: 40_000, destinationPort: 443, packets: 20, bytes: 4249 },
  ...{
    firstTimeNs: 1_418_530_010_999_999_999n,
    lastTimeNs: 1_418_530_070_000_000_000n,
    tcpFlags: 19,
  },
};

const write = createRecordWriter(description, FIELDS);
const valuesOf = (change: Partial<LoggedFlow>) =>
  Object.fromEntries(write({ ...FLOW, ...change }).map((value, i) => [FIELDS[i]!, value]));

describe('a record', () => {
  it('has every field that can be told, and a - for the others', () => {
    const { version, ...told } = valuesOf({});
    expect(version).toBe('10');
    const known = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== '-'));
    expect(known).toEqual({
      'account-id': '123456789012',
      'interface-id': 'eni-a',
      srcaddr: '203.0.113.7',
      dstaddr: '10.0.1.20', // FL-7: the primary one
      srcport: '40000',
      dstport: '443',
      protocol: '6',
      packets: '20',
      bytes: '4249',
      start: '1418530010',
      end: '1418530070',
      action: 'ACCEPT',
      'log-status': 'OK',
      'vpc-id': 'vpc-1',
      'subnet-id': 'subnet-a',
      'instance-id': 'i-0c1f',
      'tcp-flags': '19',
      type: 'IPv4',
      'pkt-srcaddr': '203.0.113.7',
      'pkt-dstaddr': '10.0.1.21',
      region: 'us-east-1',
      'az-id': 'use1-az4',
      'flow-direction': 'ingress',
    });
  });

  it('FL-7: on the way out, the source is the primary address; IPv6 has none', () => {
    const out = {
      direction: 'egress',
      source: FLOW.destination,
      destination: FLOW.source,
    } as const;
    expect(valuesOf(out)).toMatchObject({
      srcaddr: '10.0.1.20',
      'pkt-srcaddr': '10.0.1.21',
      dstaddr: '203.0.113.7',
    });
    const v6 = {
      source: parseAddress('2001:db8:1::7')!,
      destination: parseAddress('2001:db8::20')!,
    };
    expect(valuesOf(v6)).toMatchObject({
      type: 'IPv6',
      srcaddr: '2001:db8:1::7',
      dstaddr: '2001:db8::20',
    });
  });

  it.each([
    ['10.0.9.9', '1'],
    ['10.2.0.1', '4'],
    ['10.3.0.1', '5'],
    ['10.4.0.1', '-'],
    ['203.0.113.7', '-'],
  ])('FL-8: the path to %s is %s', (to, path) => {
    const out = { direction: 'egress', source: FLOW.destination } as const;
    expect(valuesOf({ ...out, destination: parseAddress(to)! })['traffic-path']).toBe(path);
    expect(valuesOf({ source: parseAddress(to)! })['traffic-path']).toBe('-');
  });

  it('says REJECT, no flags of other protocols, and nothing that documents do not tell', () => {
    const { tcpFlags, ...bare } = FLOW;
    expect(tcpFlags).toBe(19);
    const udp = { ...bare, eni: 'eni-bare', protocol: 17, accepted: false };
    const values = Object.fromEntries(write(udp).map((value, i) => [FIELDS[i]!, value]));
    expect(values).toMatchObject({
      ...{ action: 'REJECT', 'tcp-flags': '-', 'account-id': '-', 'subnet-id': '-' },
      ...{ 'instance-id': '-', region: '-', 'az-id': '-', dstaddr: '10.0.1.30' },
    });
  });

  it('stands behind a header', () =>
    expect(flowLogHeader(['version', 'srcaddr'])).toBe('version srcaddr'));
});

describe('Parquet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sgsim-flow-log-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const rows = 70_000;
  const file = join(folder, 'flows.parquet');
  const parquet = createFlowLogParquet(FIELDS);
  const pieces: Uint8Array[] = [];
  for (let i = 0; i < rows; i++) {
    const piece = parquet.add(
      write({ ...FLOW, packets: i + 1, bytes: 2 ** 40 + i, sourcePort: i % 65_536 }),
    );
    if (piece !== undefined) pieces.push(piece);
  }
  const groups = pieces.length;
  pieces.push(parquet.finish());
  const whole = Buffer.concat(pieces);
  writeFileSync(file, whole);

  it('comes in row groups, and DuckDB reads columns of their types and all values', async () => {
    expect(groups).toBe(1);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const about = await connection.runAndReadAll(`DESCRIBE SELECT * FROM '${file}'`);
    const types = { string: 'VARCHAR', int32: 'INTEGER', int64: 'BIGINT' } as const;
    expect(about.getRows().map(([name, type]) => [name, type])).toEqual(
      FIELDS.map((field) => [field.replaceAll('-', '_'), types[columnType(field)]]),
    );
    const sums = await connection.runAndReadAll(
      `SELECT count(*), sum(packets)::BIGINT, sum(bytes)::BIGINT, max(srcport), count(DISTINCT dstaddr), min(dstaddr), count(traffic_path), min(reject_reason), min(start) FROM '${file}'`,
    );
    const bytes = BigInt(rows) * 2n ** 40n + (BigInt(rows) * BigInt(rows - 1)) / 2n;
    expect(sums.getRows()).toEqual([
      [70_000n, 2_450_035_000n, bytes, 65_535, 1n, '10.0.1.20', 0n, '-', 1_418_530_010n],
    ]);
    connection.closeSync();
    instance.closeSync();
  });

  it('has chunks in gzip, and a file without records is one', async () => {
    const buffer = whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length);
    const some = await parquetReadObjects({
      ...{ file: buffer, rowStart: rows - 1, columns: ['packets', 'account_id'] },
      compressors: { GZIP: (data) => gunzipSync(data) },
    });
    expect(some).toEqual([{ packets: 70_000n, account_id: '123456789012' }]);
    const empty = createFlowLogParquet(FIELDS).finish();
    expect(await parquetReadObjects({ file: new Uint8Array(empty).buffer })).toEqual([]);
  });
});
