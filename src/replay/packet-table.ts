import { randomBytes } from 'node:crypto';
import { type Table, createTable } from '../model/table.js';
import { PACKET_COLUMNS } from '../model/verdict-table.js';
import { createAddressTexts } from './address-texts.js';
import type { Observer } from './observer.js';
import { fillPackets, packetColumns } from './packet-columns.js';
import { createRunViews } from './run-views.js';

export interface PacketTableOptions {
  /** Rows of a table, at most. */
  readonly rowsMax: number;
  /** Whether to hand on what there is after each run, for whoever waits for it, or only whole tables. */
  readonly eager: boolean;
  /** Takes a table; it is valid until the answer settles. */
  readonly take: (table: Table) => Promise<void>;
}

/** An observer that puts what is known of each packet into columns, as `PACKET_COLUMNS` names them. */
export function createPacketTable({ rowsMax, eager, take }: PacketTableOptions): Observer & {
  /** Hands on the rest. */
  finish(): Promise<void>;
} {
  const table = createTable(PACKET_COLUMNS, rowsMax);
  const addresses = createAddressTexts(randomBytes(4).readUInt32LE());
  const viewsOf = createRunViews();
  const columns = packetColumns(table);

  const handOn = async (): Promise<void> => {
    if (table.count === 0) return;
    await take(table);
    table.count = 0;
    addresses.forget();
  };
  return {
    onSettled: async (run) => {
      const views = viewsOf(run);
      columns.capture.entries = run.names.captures ?? [];
      for (const answer of columns.answers) {
        answer.eni.entries = run.names.interfaces;
        answer.rule.entries = run.names.rules;
      }
      for (let from = 0; from < run.count;) {
        const count = Math.min(run.count - from, rowsMax - table.count);
        fillPackets(columns, views, { row: table.count, first: from, count }, addresses);
        columns.source.entries = addresses.texts;
        columns.destination.entries = addresses.texts;
        table.count += count;
        from += count;
        if (table.count === rowsMax) await handOn();
      }
      if (eager) await handOn();
    },
    finish: handOn,
  };
}
