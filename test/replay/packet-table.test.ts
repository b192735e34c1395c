// Columns of packets are held against the packets and verdicts that are read one by one.
import { describe, expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { readDecoded } from '../../src/engine/decoded-frames.js';
import { viewAt } from '../../src/engine/memory.js';
import { readVerdicts } from '../../src/engine/verdicts.js';
import { ROW_LENGTH, ROW_SIZE } from '../../src/kernel/layout.js';
import { formatAddress } from '../../src/model/address.js';
import type { DecodedFrame } from '../../src/model/decoded-frame.js';
import type { Table } from '../../src/model/table.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import type { Observer } from '../../src/replay/observer.js';
import { createPacketTable } from '../../src/replay/packet-table.js';
import { replay } from '../../src/replay/replay.js';
import { createParquetFile } from '../../src/report/parquet.js';
import { createVerdictLines } from '../../src/report/verdict-lines.js';
import { valueAt } from '../report/table-arbitrary.js';
import { inMemory } from './in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from './random-traffic.js';

const TIMELINE = resolveTimeline(
  loadVpc([{ name: 'vpc.yaml', text: RANDOM_TRAFFIC_VPC }]).description,
);

type PlainRow = Record<string, unknown>;

/** Rows as plain objects make them. */
const seeAll = (seen: PlainRow[]): Observer => ({
  onSettled: ({ memory, names, count, table, rows, verdicts }) => {
    const view = viewAt(memory, rows, count * ROW_SIZE);
    const frames = readDecoded(memory, { table, rows }, count);
    let i = 0;
    for (const told of readVerdicts(memory, { table, verdicts }, count, names)) {
      const frame = frames.next().value as DecodedFrame;
      const { frame: number, origin } = told;
      const captures = names.captures ?? [];
      const { source, destination } = frame;
      const row: PlainRow = {
        frame: number,
        capture: origin?.capture ?? captures[0],
        capture_frame: origin?.frame ?? number,
        time: told.timeNs,
        length: view.getUint32(i++ * ROW_SIZE + ROW_LENGTH, true),
        source: source && formatAddress(source),
        destination: destination && formatAddress(destination),
        protocol: frame.protocol,
        source_port: frame.sourcePort,
        destination_port: frame.destinationPort,
        icmp_type: frame.icmpType,
        icmp_code: frame.icmpCode,
        tcp_flags: frame.tcpFlags,
        verdict: told.verdict,
        code: told.code,
      };
      for (const direction of ['egress', 'ingress'] as const) {
        const answer = told.at.find((one) => one.direction === direction);
        for (const part of ['eni', 'verdict', 'code', 'rule'] as const) {
          row[`${direction}_${part}`] = answer?.[part];
        }
      }
      seen.push(row);
    }
  },
});

const rowsOf = ({ columns, count }: Table): PlainRow[] =>
  Array.from({ length: count }, (_, row) =>
    Object.fromEntries(columns.map((column) => [column.name, valueAt(column, row)])),
  );

interface Way {
  readonly rowsMax: number;
  readonly eager?: boolean;
  readonly workers?: number;
  readonly chunkBytes?: number;
}

async function tablesOf(
  captures: readonly Uint8Array[],
  { rowsMax, eager = false, ...way }: Way,
  use: (table: Table) => void,
  observers: readonly Observer[] = [],
): Promise<void> {
  const packets = createPacketTable({
    rowsMax,
    eager,
    take: (table) => {
      use(table);
      return Promise.resolve();
    },
  });
  await replay(
    () => TIMELINE,
    captures.map((capture, i) => inMemory(capture, { name: `capture ${i}` })),
    { tracking: DEFAULT_TRACKING, workers: 1, observers: [packets, ...observers], ...way },
  );
  await packets.finish();
}

describe('a table of packets', () => {
  it.each([
    ['one capture', [1]],
    ['several merged by time', [2, 3]],
  ])('tells what is read packet by packet: %s', async (_, seeds) => {
    const seen: PlainRow[] = [];
    const rows: PlainRow[] = [];
    const captures = seeds.map((seed) => randomCapture(seed, 6000));
    await tablesOf(captures, { rowsMax: 1000 }, (table) => rows.push(...rowsOf(table)), [
      seeAll(seen),
    ]);
    expect(rows).toEqual(seen);
    for (const column of ['source', 'icmp_type', 'tcp_flags', 'egress_rule', 'ingress_rule']) {
      expect(new Set(rows.map((row) => row[column] === undefined))).toEqual(new Set([true, false]));
    }
  });

  it('fills tables to the last row, or hands on what there is after each run', async () => {
    const capture = randomCapture(4, 5000);
    const counts = async (eager: boolean): Promise<number[]> => {
      const list: number[] = [];
      await tablesOf([capture], { rowsMax: 1000, eager, chunkBytes: 1 << 17 }, ({ count }) =>
        list.push(count),
      );
      return list;
    };
    expect(await counts(false)).toEqual([1000, 1000, 1000, 1000, 1000]);
    const eager = await counts(true);
    expect(eager.reduce((sum, count) => sum + count, 0)).toBe(5000);
    expect(eager.length).toBeGreaterThan(5);
  });

  it('makes the same file for any workers and chunks', async () => {
    const capture = randomCapture(5, 20_000);
    const files = async (way: Omit<Way, 'rowsMax'>): Promise<string[]> => {
      const parquet: Uint8Array[] = [];
      const lines: Uint8Array[] = [];
      let file: ReturnType<typeof createParquetFile> | undefined;
      await tablesOf([capture], { rowsMax: 4096, ...way }, (table) => {
        file ??= createParquetFile(table.columns);
        parquet.push(file.rows(table));
      });
      const writer = createVerdictLines();
      await tablesOf([capture], { rowsMax: 4096, eager: true, ...way }, (table) =>
        lines.push(writer.rows(table)),
      );
      return [[...parquet, file!.end()], lines].map((parts) =>
        Buffer.concat(parts).toString('latin1'),
      );
    };
    const alone = await files({});
    expect(alone[0]!.length).toBeGreaterThan(100_000);
    for (const way of [{ workers: 3, chunkBytes: 1 << 16 }, { chunkBytes: 100_003 }]) {
      const other = await files(way);
      expect(other[0] === alone[0]).toBe(true);
      expect(other[1] === alone[1]).toBe(true);
    }
  });
});
