import { createTable, type Table } from '../model/table.js';
import { PACKET_COLUMNS } from '../model/verdict-table.js';
import { createPacketTable } from '../replay/packet-table.js';
import type { OutputRequest } from './replay-output.js';

/** `--verdicts FILE`. */
export function verdictsRequest(name: string): OutputRequest {
  return {
    name,
    open: async (output) => {
      const { createParquetFile, ROW_GROUP } = await import('../report/parquet.js');
      const file = createParquetFile(createTable(PACKET_COLUMNS, 0).columns);
      const packets = createPacketTable({
        rowsMax: ROW_GROUP,
        eager: false,
        take: (table: Table) => output.write(file.rows(table)),
      });
      return {
        observers: [packets],
        end: async () => {
          await packets.finish();
          await output.write(file.end());
        },
      };
    },
  };
}
