import { ROW_SIZE } from '../../src/kernel/layout.js';
import { formatAddress } from '../../src/model/address.js';
import { readPacket } from '../../src/engine/row-packet.js';
import { flowPackets } from './datagrams.js';
import { type Desk, createDesk } from './desk.js';
import { decodePlainly } from './plain-decoder.js';
import type { Stage } from './stage.js';

const PACKETS = 4096;

/** A batch of frames to rows, beside one object a frame. */
export function decodeStage(): Stage {
  const desk = createDesk(flowPackets(PACKETS, 4));
  checkRows(desk);
  let sum = 0;
  return {
    name: 'decode',
    naiveText: 'DataView, an object a packet',
    packets: PACKETS,
    kernel: desk.decode,
    naive: () => {
      for (const frame of desk.frames) sum += decodePlainly(frame).source.length;
      if (sum === 0) throw new Error('nothing decoded');
    },
  };
}

function checkRows({ frames, rows }: Desk): void {
  frames.forEach((frame, i) => {
    const { source, destinationPort } = decodePlainly(frame);
    const { content } = readPacket(rows, i * ROW_SIZE);
    if (content.kind === 'ip' && content.ip.transport?.kind === 'udp') {
      const { ip } = content;
      if (formatAddress(ip.source) === source && ip.transport?.kind === 'udp') {
        if (ip.transport.destinationPort === destinationPort) return;
      }
    }
    throw new Error(`decode: frame ${i} is read in two ways`);
  });
}
