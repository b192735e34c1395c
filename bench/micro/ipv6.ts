import { ALLOW_RULE, ALLOW_TRACKED } from '../../src/kernel/layout.js';
import { START_NS, flowPackets } from './datagrams.js';
import { createDesk, expectCode } from './desk.js';
import { decodePlainly } from './plain-decoder.js';
import { createPlainTable } from './plain-table.js';
import type { Stage } from './stage.js';

const FLOWS = 1 << 14;

/** Frames of known IPv6 connections, decoded and judged. */
export function ipv6Stage(): Stage {
  const desk = createDesk(flowPackets(FLOWS, 6));
  desk.judge();
  expectCode('ipv6', desk, ALLOW_RULE);
  desk.judge();
  expectCode('ipv6', desk, ALLOW_TRACKED);
  const table = createPlainTable();
  const now = Number(START_NS);
  const naive = (): number =>
    desk.frames.filter((frame) => table.pass(decodePlainly(frame), now)).length;
  if (naive() !== 0 || naive() !== FLOWS) throw new Error('ipv6: the plain table is wrong');
  return {
    name: 'ipv6',
    naiveText: 'DataView, Map by text',
    packets: FLOWS,
    kernel: () => {
      desk.decode();
      desk.judge();
    },
    naive: () => {
      for (const frame of desk.frames) table.pass(decodePlainly(frame), now);
    },
  };
}
