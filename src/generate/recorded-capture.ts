import { type FlowLogFile, type OpenFlowLog, openFlowLog } from '../capture/flow-log-file.js';
import { readFlowLogRecord } from '../capture/flow-log-record.js';
import type { CaptureSource } from '../capture/source.js';
import type { OrderedFlow, RecordAccount, RecordedFlow } from '../model/recorded-flow.js';
import { type InterfacesById, recordedFlow } from './recorded-flow.js';
import { RECORD_MAX, writeRecorded } from './recorded-frame.js';
import { createLiveRecords } from './recorded-live.js';
import { inOrder } from './recorded-order.js';

/** Flow logs as a capture of packets that they may have told of. */
export interface RecordedCapture extends CaptureSource {
  readonly account: RecordAccount;
}

export interface RecordedOptions {
  readonly interfaces: InterfacesById;
  /** Some packets of each record, of records at both ends too: each is to be judged, not its traffic counted. */
  readonly thinned?: boolean;
  /** Is told, in order, which record each frame is of, and which frame is its last. */
  readonly onFrame?: (ordered: OrderedFlow, isLast: boolean) => void;
}

const BLOCK_BYTES = 1 << 16;

/** Reads flow logs, one after the other, as a capture. Reading throws InputError when one of them is none that can be judged. */
export function createRecordedCapture(
  name: string,
  logs: readonly FlowLogFile[],
  { interfaces, thinned = false, onFrame }: RecordedOptions,
): RecordedCapture {
  const account: RecordAccount = { records: 0, noData: 0, skipped: 0, twice: 0, malformed: 0 };
  const total = logs.reduce<number | undefined>(
    (sum, { file: { size } }) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
  let open: OpenFlowLog | undefined;
  let closed = false;
  let bytesBefore = 0;

  async function* flows(): AsyncGenerator<RecordedFlow> {
    for (const log of logs) {
      open = await openFlowLog(log);
      for await (const { line, values } of open.items) {
        if (closed) return;
        account.records++;
        const record = 'fact' in values ? values : readFlowLogRecord(values);
        const place = `${open.name}:${line}`;
        if ('fact' in record) fault(`${place}: ${record.fact}`);
        else if (record.traffic === undefined) account[NOTHING[record.status]]++;
        else yield recordedFlow(record, record.traffic, place, interfaces);
      }
      const damage = open.damage();
      if (damage !== undefined) account.damage ??= `${open.name}: ${damage}`;
      bytesBefore += open.bytesConsumed();
      open.close();
      open = undefined;
    }
  }
  const fault = (fact: string): void => {
    account.malformed++;
    account.firstFault ??= fact;
  };
  async function* blocks(): AsyncGenerator<Uint8Array> {
    yield PCAP_HEADER;
    const live = createLiveRecords(thinned);
    const block = new Uint8Array(BLOCK_BYTES);
    const view = new DataView(block.buffer);
    let at = 0;
    /** Writes what comes before a time, in microseconds. */
    function* writeUntil(time: number): Generator<Uint8Array> {
      for (let top = live.top; top !== undefined && top.time < time; top = live.top) {
        const { ordered, packets, words, next } = top;
        const { flow, isReply } = ordered;
        const length = packets.lengthOf(next);
        const flags = packets.flagsOf(next);
        at = writeRecorded(view, at, flow, words, top.time, length, flags, isReply);
        onFrame?.(ordered, next + 1 === packets.count);
        live.advance();
        if (at + RECORD_MAX <= BLOCK_BYTES) continue;
        yield block.subarray(0, at);
        at = 0;
      }
    }
    for await (const ordered of inOrder(flows())) {
      if (!thinned && ordered.isTwice) {
        account.twice++;
        continue;
      }
      yield* writeUntil(ordered.flow.record.start * 1_000_000);
      live.add(ordered);
    }
    yield* writeUntil(Infinity);
    yield block.subarray(0, at);
  }

  const made = blocks();
  let rest = new Uint8Array(0) as Uint8Array;
  return {
    name,
    account,
    ...(total !== undefined && { size: total }),
    read: async (target) => {
      while (rest.length === 0) {
        const next = await made.next();
        if (next.done === true) return 0;
        rest = next.value;
      }
      const count = Math.min(rest.length, target.length);
      target.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
    bytesConsumed: () => bytesBefore + (open?.bytesConsumed() ?? 0),
    formatText: () => formatText(account, logs.length),
    damage: () => damageText(account),
    close: () => {
      closed = true;
      open?.close();
    },
  };
}

const NOTHING = { nodata: 'noData', skipdata: 'skipped', ok: 'malformed' } as const;

/** Classic pcap, little-endian, microseconds; link type 101 is an IP packet as it is. */
const PCAP_HEADER = new Uint8Array(24);
[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4].forEach((byte, i) => (PCAP_HEADER[i] = byte));
new DataView(PCAP_HEADER.buffer).setUint32(16, 262_144, true);
new DataView(PCAP_HEADER.buffer).setUint32(20, 101, true);

function formatText({ records, noData, skipped, twice }: RecordAccount, files: number): string {
  const parts = [
    `${records} records`,
    files > 1 && `of ${files} files`,
    noData > 0 && `${noData} NODATA`,
    skipped > 0 && `${skipped} SKIPDATA`,
    twice > 0 && `${twice} told by the sender's interface too`,
  ];
  return `VPC flow log, ${parts.filter((part) => part !== false).join(', ')}`;
}

/** What was not read, and why. */
export function damageText(account: RecordAccount): string | undefined {
  const { records, malformed, firstFault, damage } = account;
  if (malformed === 0) return damage;
  const fact = `${malformed} of ${records} records cannot be read, the first at ${firstFault}`;
  return damage === undefined ? fact : `${fact}; ${damage}`;
}
