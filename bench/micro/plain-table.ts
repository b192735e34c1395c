import type { PlainPacket } from './plain-decoder.js';

/** UDP's idle limit. */
const IDLE_NS = 30e9;

interface PlainConnection {
  lastSeen: number;
  packets: number;
}

/** A connection table as a plain program has it: a Map by text, swept twice in an idle limit. */
export interface PlainTable {
  /** Whether the packet belongs to a live connection; if not it begins one. Times never go back. */
  pass(packet: PlainPacket, timeNs: number): boolean;
  size(): number;
}

export function createPlainTable(): PlainTable {
  const connections = new Map<string, PlainConnection>();
  let sweptAt = 0;
  const sweep = (timeNs: number): void => {
    if (timeNs - sweptAt < IDLE_NS / 2) return;
    sweptAt = timeNs;
    for (const [key, { lastSeen }] of connections) {
      if (timeNs - lastSeen >= IDLE_NS) connections.delete(key);
    }
  };
  return {
    pass: (packet, timeNs) => {
      const { source, sourcePort, destination, destinationPort, protocol } = packet;
      const key = `${source}:${sourcePort}>${destination}:${destinationPort}/${protocol}`;
      const known = connections.get(key);
      if (known !== undefined && timeNs - known.lastSeen < IDLE_NS) {
        known.lastSeen = timeNs;
        known.packets++;
        return true;
      }
      sweep(timeNs);
      connections.set(key, { lastSeen: timeNs, packets: 1 });
      return false;
    },
    size: () => connections.size,
  };
}
