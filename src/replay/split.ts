import { FRAME_LINK_TYPE, FRAME_SIZE, FRAME_WIRE, LINK_UNTIMED } from '../kernel/layout.js';
import { linkTypeName } from '../capture/link-type.js';
import { createPacketWriter } from '../capture/packet-writer.js';
import { writePcapHeader, writePcapRecord } from '../capture/pcap-writer.js';
import { writeInterface, writePacket, writeSectionHeader } from '../capture/pcapng-writer.js';
import { viewAt } from '../engine/memory.js';
import { type VerdictNames, readVerdicts } from '../engine/verdicts.js';
import { inputError } from '../model/diagnostic.js';
import { type FrameVerdict, type Verdict, codeText } from '../model/verdict.js';
import type { SettledRun } from './early-fragments.js';

/** Where frames go that got a verdict. */
export interface FrameSink {
  /** As the user named it. */
  readonly name: string;
  readonly format: 'pcap' | 'pcapng';
  readonly verdicts: readonly Verdict[];
  write(chunk: Uint8Array): Promise<void>;
}

/** Writes frames to captures by their verdicts. */
export interface Split {
  take(run: SettledRun): Promise<void>;
  finish(): Promise<void>;
}

/** `promptly`: each run is written whole, for whoever reads along. Throws InputError, later, for what a format cannot hold. */
export function createSplit(
  memory: WebAssembly.Memory,
  names: VerdictNames,
  sinks: readonly FrameSink[],
  promptly: boolean,
): Split {
  const files = sinks.map((sink) => ({ sink, file: openFile(sink) }));
  const write = async (): Promise<void> => {
    for (const { sink, file } of files) {
      if (promptly) file.flush();
      for (const chunk of file.chunks.splice(0)) await sink.write(chunk);
    }
  };
  return {
    take: async (run) => {
      const frames = viewAt(memory, run.batch.table, run.count * FRAME_SIZE);
      let index = 0;
      for (const verdict of readVerdicts(memory, run.batch, run.count, names)) {
        for (const { sink, file } of files) {
          if (!sink.verdicts.includes(verdict.verdict)) continue;
          const of = index * FRAME_SIZE;
          file.add(verdict, {
            linkType: frames.getUint16(of + FRAME_LINK_TYPE, true) & ~LINK_UNTIMED,
            wire: frames.getUint32(of + FRAME_WIRE, true),
            bytes: run.bytesOf(index),
          });
        }
        index++;
      }
      await write();
    },
    finish: async () => {
      for (const { file } of files) file.end();
      await write();
    },
  };
}

interface Frame {
  readonly linkType: number;
  readonly wire: number;
  readonly bytes: Uint8Array;
}

interface CaptureFile {
  readonly chunks: Uint8Array[];
  add(verdict: FrameVerdict, frame: Frame): void;
  /** Hands out what was added so far. */
  flush(): void;
  end(): void;
}

const openFile = (sink: FrameSink): CaptureFile =>
  sink.format === 'pcap' ? openPcap(sink) : openPcapng();

/** An interface for each that answered, direction and link type; a comment for what was not allowed. */
function openPcapng(): CaptureFile {
  const chunks: Uint8Array[] = [];
  const writer = createPacketWriter((chunk) => chunks.push(chunk));
  const interfaces = new Map<string, number>();
  writeSectionHeader(writer, 'sgsim');
  return {
    chunks,
    add: (verdict, { linkType, wire, bytes }) => {
      const place = placeOf(verdict);
      const key = `${place} ${linkType}`;
      let interfaceId = interfaces.get(key);
      if (interfaceId === undefined) {
        interfaceId = interfaces.size;
        interfaces.set(key, interfaceId);
        writeInterface(writer, { name: place, linkType, snapLength: 0 });
      }
      const comment = verdict.verdict === 'allow' ? {} : { comment: commentOn(verdict) };
      writePacket(writer, { timeNs: verdict.timeNs, wire, bytes, interfaceId, ...comment });
    },
    flush: () => writer.flush(),
    end: () => writer.flush(),
  };
}

/** The interface that had the last word, and the direction; what no interface was asked about stands apart. */
function placeOf({ at }: FrameVerdict): string {
  const last = at.at(-1);
  return last === undefined ? 'no interface' : `${last.eni} ${last.direction}`;
}

/** One line: verdict, code, place, and what the code means. */
function commentOn(verdict: FrameVerdict): string {
  const last = verdict.at.at(-1);
  const rule = last?.rule === undefined ? '' : ` by ${last.rule}`;
  const place = last === undefined ? '' : ` at ${last.eni} ${last.direction}`;
  return `${verdict.verdict} ${verdict.code}${rule}${place}: ${codeText(verdict.code)}`;
}

/** One link type, no comments. */
function openPcap({ name }: FrameSink): CaptureFile {
  const chunks: Uint8Array[] = [];
  const writer = createPacketWriter((chunk) => chunks.push(chunk));
  let known: number | undefined;
  const begin = (linkType: number): void => {
    known = linkType;
    writePcapHeader(writer, { linkType, snapLength: SNAP_LENGTH });
  };
  return {
    chunks,
    add: ({ timeNs }, { linkType, wire, bytes }) => {
      if (known === undefined) begin(linkType);
      if (known !== linkType) {
        const types = `${linkTypeName(known!)} and ${linkTypeName(linkType)}`;
        const fact = `a pcap file holds one link type, and there are ${types}`;
        throw inputError('output-format', name, fact, 'name it .pcapng');
      }
      writePcapRecord(writer, { timeNs, wire, bytes });
    },
    flush: () => writer.flush(),
    end: () => {
      if (known === undefined) begin(ETHERNET);
      writer.flush();
    },
  };
}

const ETHERNET = 1;
/** The largest frame that is read. */
const SNAP_LENGTH = 262_144;
