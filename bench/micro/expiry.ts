import { ALLOW_RULE } from '../../src/kernel/layout.js';
import { START_NS, flowPackets } from './datagrams.js';
import { createDesk, expectCode } from './desk.js';
import { decodePlainly } from './plain-decoder.js';
import { createPlainTable } from './plain-table.js';
import type { Stage } from './stage.js';

const FLOWS = 1 << 14;
/** A second more than UDP's idle limit. */
const PAUSE_NS = 31_000_000_000;

/** Every flow comes back when its connection is over: each packet finds what has expired and begins anew. */
export function expiryStage(): Stage {
  const desk = createDesk(flowPackets(FLOWS, 4));
  let now = Number(START_NS);
  const kernel = (): void => {
    now += PAUSE_NS;
    for (let row = 0; row < FLOWS; row++) desk.setTime(row, now);
    desk.judge();
  };
  const packets = desk.frames.map(decodePlainly);
  const table = createPlainTable();
  let then = 0;
  let known = 0;
  const naive = (): void => {
    then += PAUSE_NS;
    for (const packet of packets) if (table.pass(packet, then)) known++;
  };
  for (let call = 0; call < 4; call++) {
    kernel();
    expectCode('expiry', desk, ALLOW_RULE);
    naive();
  }
  if (known !== 0 || table.size() !== FLOWS || desk.records() > FLOWS * 2) {
    throw new Error('expiry: a table is wrong');
  }
  return { name: 'expiry', naiveText: 'Map by text', packets: FLOWS, kernel, naive };
}
