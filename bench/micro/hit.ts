import { ALLOW_RULE, ALLOW_TRACKED } from '../../src/kernel/layout.js';
import { START_NS, flowPackets } from './datagrams.js';
import { createDesk, expectCode } from './desk.js';
import { decodePlainly } from './plain-decoder.js';
import { createPlainTable } from './plain-table.js';
import type { Stage } from './stage.js';

const FLOWS = 1 << 16;

/** Packets of connections that are known: one of each in turn. */
export function hitStage(): Stage {
  const desk = createDesk(flowPackets(FLOWS, 4));
  desk.judge();
  expectCode('hit', desk, ALLOW_RULE);
  desk.judge();
  expectCode('hit', desk, ALLOW_TRACKED);
  const packets = desk.frames.map(decodePlainly);
  const table = createPlainTable();
  const now = Number(START_NS);
  const naive = (): number => packets.filter((packet) => table.pass(packet, now)).length;
  if (naive() !== 0 || naive() !== FLOWS) throw new Error('hit: the plain table is wrong');
  return {
    name: 'hit',
    naiveText: 'Map by text',
    packets: FLOWS,
    kernel: desk.judge,
    naive: () => {
      for (const packet of packets) table.pass(packet, now);
    },
  };
}
