import { ALLOW_RULE, ALLOW_TRACKED } from '../../src/kernel/layout.js';
import { START_NS, fragmentedPackets } from './datagrams.js';
import { createDesk, expectCode } from './desk.js';
import { type PlainPacket, decodePlainly } from './plain-decoder.js';
import { createPlainTable } from './plain-table.js';
import type { Stage } from './stage.js';

const DATAGRAMS = 1 << 12;
const FRAGMENTS = 4;

/** Datagrams of known flows in four fragments: the first one's verdict covers the others. */
export function fragmentsStage(): Stage {
  const desk = createDesk(fragmentedPackets(DATAGRAMS, FRAGMENTS));
  desk.judge();
  expectCode('fragments', desk, ALLOW_RULE);
  desk.judge();
  expectCode('fragments', desk, ALLOW_TRACKED);
  const packets = desk.frames.map(decodePlainly);
  const table = createPlainTable();
  const covered = new Map<string, boolean>();
  const now = Number(START_NS);
  const pass = (packet: PlainPacket): boolean => {
    const { source, destination, protocol, id, offset } = packet;
    const key = `${source}>${destination}/${protocol}#${id}`;
    if (offset > 0) return covered.get(key) ?? false;
    const known = table.pass(packet, now);
    covered.set(key, known);
    return known;
  };
  const naive = (): number => packets.filter(pass).length;
  if (naive() !== 0 || naive() !== packets.length)
    throw new Error('fragments: the plain table is wrong');
  return {
    name: 'fragments',
    naiveText: 'two Maps by text',
    packets: packets.length,
    kernel: desk.judge,
    naive: () => {
      for (const packet of packets) pass(packet);
    },
  };
}
