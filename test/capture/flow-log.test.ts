import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { captureFile } from '../../src/capture/capture-file.js';
import { expandCaptures } from '../../src/capture/capture-names.js';
import { flowLogFile, openFlowLog } from '../../src/capture/flow-log-file.js';
import { openParquetFlowLog } from '../../src/capture/flow-log-parquet.js';
import type { FlowLogItem } from '../../src/capture/flow-log-text.js';
import { flowLogKind } from '../../src/capture/flow-log-kind.js';
import { readFlowLogRecord } from '../../src/capture/flow-log-record.js';
import { formatAddress } from '../../src/model/address.js';
import { type FlowLogField, flowLogField } from '../../src/model/flow-log-field.js';
import { createFlowLogParquet } from '../../src/report/flow-log-parquet.js';
import { AWS_EXAMPLES, NAT_EXAMPLE } from './aws-flow-log-examples.js';

const folder = mkdtempSync(join(tmpdir(), 'sgsim-flow-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const fieldsOf = (names: string): FlowLogField[] =>
  names.split(' ').map((name) => flowLogField(name)!);

function parquetOf(fields: string, records: readonly string[]): Uint8Array {
  const parquet = createFlowLogParquet(fieldsOf(fields));
  const pieces = [...records.map((record) => parquet.add(record.split(' '))), parquet.finish()];
  return Buffer.concat(pieces.filter((piece) => piece !== undefined));
}

/** All that a file says: records, or what is wrong with them. */
async function read(path: string) {
  const log = await openFlowLog((await flowLogFile(captureFile(path)))!);
  const items = [];
  for await (const item of log.items) items.push(item);
  log.close();
  return { items, damage: log.damage() };
}

const recordsIn = async (path: string) =>
  (await read(path)).items.map(({ values }) =>
    'fact' in values ? values : readFlowLogRecord(values),
  );

describe("AWS's example records", () => {
  describe.each(AWS_EXAMPLES)('$fields', ({ fields, records }) => {
    const text = `${[fields, ...records].join('\n')}\n`;
    const values = (record: string) =>
      Object.fromEntries(record.split(' ').map((value, i) => [fieldsOf(fields)[i]!, value]));

    it.each(records)('%s', (record) => {
      const told = values(record);
      const read = readFlowLogRecord(told);
      const nothing = told['log-status'] !== 'OK';
      expect(read).toEqual({
        eni: told['interface-id'],
        start: Number(told.start),
        end: Number(told.end),
        status: told['log-status']!.toLowerCase(),
        ...(!nothing && { traffic: expect.anything() as unknown }),
      });
      if ('fact' in read || read.traffic === undefined) return;
      const { source, destination, ...traffic } = read.traffic;
      expect([formatAddress(source), formatAddress(destination)]).toEqual([
        told.srcaddr,
        told.dstaddr,
      ]);
      expect(traffic).toMatchObject({
        sourcePort: Number(told.srcport),
        destinationPort: Number(told.dstport),
        protocol: Number(told.protocol),
        packets: Number(told.packets),
        bytes: Number(told.bytes),
        accepted: told.action === 'ACCEPT',
        ...(told['tcp-flags'] !== undefined && { tcpFlags: Number(told['tcp-flags']) }),
        ...(told['flow-direction'] !== undefined && { direction: told['flow-direction'] }),
      });
    });

    it('say the same as text, in gzip and in Parquet, whatever the name', async () => {
      const whole = await recordsIn(write('a.bin', text));
      expect(whole).toHaveLength(records.length);
      expect(whole.filter((record) => 'fact' in record)).toEqual([]);
      expect(await recordsIn(write('b.bin', gzipSync(text)))).toEqual(whole);
      expect(await recordsIn(write('c.bin', parquetOf(fields, records)))).toEqual(whole);
      expect(await recordsIn(write('d.bin', gzipSync(parquetOf(fields, records))))).toEqual(whole);
    });
  });

  it('of a NAT gateway lack what a verdict needs, and the fields are named', async () => {
    const path = write('nat.log', [NAT_EXAMPLE.fields, ...NAT_EXAMPLE.records].join('\n'));
    await expect(read(path)).rejects.toThrow(
      'its records do not have srcport, dstport, protocol, start, action; log those fields too',
    );
  });
});

describe('a flow log is told by its contents', () => {
  const [{ fields, records }] = AWS_EXAMPLES as [(typeof AWS_EXAMPLES)[number]];
  const kindOf = (text: string) => flowLogKind(new TextEncoder().encode(text));

  it('with a header, without one, and as CloudWatch Logs exports it', async () => {
    expect(kindOf(fields)).toMatchObject({ kind: 'text', headed: true });
    expect(kindOf(records[0]!)).toMatchObject({ kind: 'text', headed: false });
    expect(kindOf(records[2]!)).toMatchObject({ kind: 'text', headed: false });
    const exported = records.map((record) => `2014-12-14T04:06:50.000Z ${record}`).join('\n');
    expect(kindOf(exported)).toMatchObject({ kind: 'text', headed: false });
    const whole = await recordsIn(write('whole.log', records.join('\n')));
    expect(whole).toHaveLength(records.length);
    expect(await recordsIn(write('exported.log', exported))).toEqual(whole);
    expect(await recordsIn(write('crlf.log', [fields, ...records, ''].join('\r\n')))).toEqual(
      whole,
    );
    const twice = [fields, ...records.slice(0, 2), fields, '', ...records.slice(2)];
    expect(await recordsIn(write('joined.log', twice.join('\n')))).toEqual(whole);
  });

  it.each([
    '',
    'version',
    'hello world',
    '1 2 3',
    '{"version": 2}',
    fields.replace('dstport', 'port'),
  ])('and what is none, is not: %j', (text) => expect(kindOf(text)).toBeUndefined());

  it('in a folder as S3 lays it out, in order of time, beside what is none', async () => {
    const day = 's3/AWSLogs/123456789010/vpcflowlogs/us-east-1/2018/06/20';
    const hive =
      's3/AWSLogs/aws-account-id=1/aws-service=vpcflowlogs/aws-region=us-east-1/year=2018/month=06/day=20/hour=16';
    const name = (time: string): string =>
      `123456789010_vpcflowlogs_us-east-1_fl-1234abcd_${time}_fe123456`;
    const text = gzipSync([fields, records[0]].join('\n'));
    write(`${day}/${name('20180620T1625Z')}.log.gz`, text);
    write(`${hive}/${name('20180620T1620Z')}.log.parquet`, parquetOf(fields, records));
    write(`${day}/${name('20180620T1615Z')}.log.gz`, text);
    write(`${day}/.hidden.log.gz`, text);
    write(`${day}/notes.txt`, 'nothing to see here');
    const { captures, skipped } = await expandCaptures([join(folder, 's3')]);
    expect(captures.map((capture) => /\d{8}T\d{4}Z/.exec(capture.name)?.[0])).toEqual([
      '20180620T1615Z',
      '20180620T1620Z',
      '20180620T1625Z',
    ]);
    expect(skipped).toEqual([]);
  });
});

describe('hostile flow logs', () => {
  const [{ fields, records }] = AWS_EXAMPLES as [(typeof AWS_EXAMPLES)[number]];
  const factOf = (change: Partial<Record<FlowLogField, string>>): unknown => {
    const told = Object.fromEntries(
      records[0]!.split(' ').map((value, i) => [fieldsOf(fields)[i]!, value]),
    );
    const record = readFlowLogRecord({ ...told, ...change });
    return 'fact' in record ? record.fact : record;
  };

  it.each([
    [{ 'interface-id': '-' }, 'interface-id is not told'],
    [{ srcaddr: '10.0.0.300' }, '"10.0.0.300" is no srcaddr'],
    [{ srcaddr: '10.0.0.0/8' }, '"10.0.0.0/8" is no srcaddr'],
    [{ srcaddr: '2001:db8::1' }, 'its addresses are of two families'],
    [{ srcport: '65536' }, '"65536" is no srcport'],
    [{ dstport: '-1' }, '"-1" is no dstport'],
    [{ protocol: '256' }, '"256" is no protocol'],
    [{ packets: '0' }, '"0" is no packets'],
    [{ packets: '1e3' }, '"1e3" is no packets'],
    [{ packets: '99999999999999999999' }, '"99999999999999999999" is no packets'],
    [{ bytes: '799' }, '799 bytes are no 20 packets'],
    [{ bytes: '1310701' }, '1310701 bytes do not fit 20 packets'],
    [{ start: '1418530071' }, '"1418530070" is no end'],
    [{ start: '4294967296' }, '"4294967296" is no start'],
    [{ action: 'accept' }, '"accept" is no action'],
    [{ 'log-status': 'FINE' }, '"FINE" is no log-status'],
    [{ action: 'x'.repeat(99) }, `"${'x'.repeat(40)}…" is no action`],
  ])('%j: %s', (change, fact) => expect(factOf(change)).toBe(fact));

  it('lines of other lengths and overlong lines are faults, each once', async () => {
    const path = write(
      'lines.log',
      [fields, records[0], '2 3 4', 'x'.repeat(1_000_000), records[1], 'x'.repeat(20_000)].join(
        '\n',
      ),
    );
    const { items } = await read(path);
    expect(items.map(({ line, values }) => [line, 'fact' in values ? values.fact : 'ok'])).toEqual([
      [2, 'ok'],
      [3, '3 values stand where 14 fields are'],
      [4, 'the line is longer than 16384 characters'],
      [5, 'ok'],
      [6, 'the line is longer than 16384 characters'],
    ]);
  });

  it('a gzip file that is cut gives what is before the cut, and what is wrong', async () => {
    const text = gzipSync(
      [
        fields,
        ...Array.from({ length: 20_000 }, (_, i) =>
          records[i % 2]!.replace('20641', String(i % 60_000)),
        ),
      ].join('\n'),
    );
    const { items, damage } = await read(write('cut.gz', text.subarray(0, text.length >> 1)));
    expect(items.length).toBeGreaterThan(1000);
    expect(damage).toBe('the gzip data ends in the middle');
  });

  it('any values are read or refused', () => {
    const value = fc.oneof(
      fc.string(),
      fc.nat().map(String),
      fc.constantFrom('-', 'OK', 'ACCEPT', '10.0.0.1', '::'),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 14, maxLength: 14 }), (values) => {
        const told = Object.fromEntries(values.map((each, i) => [fieldsOf(fields)[i]!, each]));
        expect(typeof readFlowLogRecord(told)).toBe('object');
      }),
      { numRuns: 2000 },
    );
  });

  /** All that a Parquet file says, or why it says nothing. */
  async function itemsOf(bytes: Uint8Array<ArrayBuffer>): Promise<FlowLogItem[] | Error> {
    try {
      const log = await openParquetFlowLog({ whole: bytes.buffer }, 1500);
      const items = [];
      for await (const item of log.items()) items.push(item);
      log.close();
      return items;
    } catch (error) {
      return error as Error;
    }
  }

  it('a Parquet file that makes its reader go round for ever is given up', async () => {
    const endless = readFileSync(
      new URL('../../fixtures/hostile/endless.parquet', import.meta.url),
    );
    expect(await itemsOf(Uint8Array.from(endless))).toEqual([
      { line: 1, values: { fact: 'the Parquet file cannot be read (reading it does not end)' } },
    ]);
  });

  it('a damaged Parquet file is read in part or refused', { timeout: 300_000 }, async () => {
    const sound = parquetOf(
      fields,
      Array.from({ length: 300 }, (_, i) => records[i % 7]!),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat(sound.length), { nil: sound.length, freq: 4 }),
        async (changes, size) => {
          const bytes = Uint8Array.from(sound.subarray(0, size));
          for (const [at, byte] of changes) if (at < size) bytes[at] = byte;
          const told = await itemsOf(bytes);
          if (!(told instanceof Error)) expect(told.length).toBeLessThanOrEqual(sound.length * 64);
        },
      ),
      { numRuns: 200 },
    );
  });
});
