import { ALLOW_RULE } from '../../src/kernel/layout.js';
import { START_NS, flowPackets } from './datagrams.js';
import { createDesk, expectCode } from './desk.js';
import { decodePlainly } from './plain-decoder.js';
import { createPlainTable } from './plain-table.js';
import type { Stage } from './stage.js';

const PACKETS = 1 << 14;
/** UDP's idle limit is 30 s: so many flows are live at a time. */
const LIVE = 60_000;
const STEP_NS = 30_000_000_000 / LIVE;
const FIRST = 0x0b00_0000;
const SOURCES = 0x5000_0000;

/** Every packet opens a flow, and as many end: what is over makes room. */
export function missStage(): Stage {
  const desk = createDesk(flowPackets(PACKETS, 4));
  let judged = 0;
  const kernel = (): void => {
    for (let row = 0; row < PACKETS; row++) {
      desk.setTime(row, Number(START_NS) + judged * STEP_NS);
      desk.setSource(row, FIRST + (judged % SOURCES));
      judged++;
    }
    desk.judge();
  };
  const packets = desk.frames.map(decodePlainly);
  const table = createPlainTable();
  let passed = 0;
  let known = 0;
  const naive = (): void => {
    for (const packet of packets) {
      const source = ipv4Text(FIRST + (passed % SOURCES));
      if (table.pass({ ...packet, source }, passed * STEP_NS)) known++;
      passed++;
    }
  };
  for (let call = 0; call < 8; call++) {
    kernel();
    expectCode('miss', desk, ALLOW_RULE);
    naive();
  }
  if (known !== 0 || table.size() < LIVE || table.size() > LIVE * 2)
    throw new Error('miss: the plain table is wrong');
  return { name: 'miss', naiveText: 'Map by text', packets: PACKETS, kernel, naive };
}

const ipv4Text = (value: number): string =>
  `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
