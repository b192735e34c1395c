import { closeSync, openSync, writeSync } from 'node:fs';

/** A capture made from a seed, the VPC it belongs to, and what must come out. */
export interface Workload {
  readonly vpc: string;
  readonly packets: number;
  readonly flows: number;
  readonly allowed: number;
  readonly dropped: number;
}

const INTERFACES = 64;
const GROUPS = 8;
/** Ports that every group opens to 100.64.0.0/10; flows to other ports are denied. */
const OPEN = [443, 80, 22, 8080, 5432];
const CLOSED = [23, 3389, 445, 6379];
/** Bytes after the headers: mostly acknowledgements and short messages, as in a capture cut at some hundred bytes. */
const PAYLOADS = [0, 0, 20, 60, 140];

/**
 * Writes `packets` Ethernet/IPv4/TCP frames of `flows` connections to `file`, interleaved in trains of one to four packets:
 * handshake, data both ways, FIN both ways. A tenth of the flows goes to closed ports: every packet of theirs is dropped
 * (SG-4, CT-25). The same seed gives the same bytes.
 */
export function writeWorkload(
  file: string,
  packets: number,
  flows: number,
  seed: number,
): Workload {
  const random = mulberry32(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const perFlow = Math.floor(packets / flows);
  const descriptor = openSync(file, 'w');
  const block = Buffer.alloc(1 << 22);
  block.writeUInt32LE(0xa1b2c3d4, 0);
  block.writeUInt16LE(2, 4);
  block.writeUInt16LE(4, 6);
  block.writeUInt32LE(262_144, 16);
  block.writeUInt32LE(1, 20);
  let at = 24;
  let allowed = 0;
  let written = 0;
  let microseconds = 0;
  const active = Array.from({ length: Math.min(flows, 4096) }, (_, i) => openFlow(i, below));
  let opened = active.length;
  let index = 0;
  let train = 0;
  while (active.length > 0) {
    // Packets of a connection come in short trains, one burst or one window at a time.
    if (train-- === 0) {
      index = below(active.length);
      train = below(4);
    }
    const flow = active[index]!;
    const last = flow.sent === perFlow - 1;
    const fromServer = flow.sent % 2 === 1;
    const flags =
      flow.sent === 0 ? 0x02 : flow.sent === 1 ? 0x12 : flow.sent >= perFlow - 2 ? 0x11 : 0x18;
    const payload = flow.sent < 2 ? 0 : PAYLOADS[below(PAYLOADS.length)]!;
    microseconds += 1 + below(3);
    if (at + 16 + 54 + payload > block.length) {
      writeSync(descriptor, block, 0, at);
      at = 0;
    }
    at = writePacket(block, at, flow, fromServer, flags, payload, microseconds);
    flow.sent++;
    written++;
    if (flow.open) allowed++;
    if (!last) continue;
    train = 0;
    if (opened < flows) active[index] = openFlow(opened++, below);
    else active.splice(index, 1);
  }
  writeSync(descriptor, block, 0, at);
  closeSync(descriptor);
  return { vpc: describeVpc(), packets: written, flows, allowed, dropped: written - allowed };
}

interface Flow {
  readonly client: number;
  readonly server: number;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly open: boolean;
  sent: number;
}

/** Client addresses and ports are distinct, so that no flow is another's second life. */
function openFlow(number: number, below: (n: number) => number): Flow {
  const open = below(10) > 0;
  const ports = open ? OPEN : CLOSED;
  return {
    client: 0x64400000 + (number % 65_521) * 17,
    server: 0x0a000100 + 10 + (number % INTERFACES),
    clientPort: 32_768 + (Math.floor(number / 65_521) % 28_000),
    serverPort: ports[below(ports.length)]!,
    open,
    sent: 0,
  };
}

function writePacket(
  block: Buffer,
  start: number,
  flow: Flow,
  fromServer: boolean,
  flags: number,
  payload: number,
  microseconds: number,
): number {
  const length = 54 + payload;
  block.writeUInt32LE(1_700_000_000 + Math.floor(microseconds / 1_000_000), start);
  block.writeUInt32LE(microseconds % 1_000_000, start + 4);
  block.writeUInt32LE(length, start + 8);
  block.writeUInt32LE(length, start + 12);
  const frame = start + 16;
  block.fill(0, frame, frame + 54);
  block.writeUInt16BE(0x0800, frame + 12);
  block.writeUInt8(0x45, frame + 14);
  block.writeUInt16BE(40 + payload, frame + 16);
  block.writeUInt8(64, frame + 22);
  block.writeUInt8(6, frame + 23);
  block.writeUInt32BE(fromServer ? flow.server : flow.client, frame + 26);
  block.writeUInt32BE(fromServer ? flow.client : flow.server, frame + 30);
  block.writeUInt16BE(fromServer ? flow.serverPort : flow.clientPort, frame + 34);
  block.writeUInt16BE(fromServer ? flow.clientPort : flow.serverPort, frame + 36);
  block.writeUInt8(0x50, frame + 46);
  block.writeUInt8(flags, frame + 47);
  return frame + length;
}

/** Eight groups of about a dozen rules each, three a interface: about a hundred rules, as teams have them. */
function describeVpc(): string {
  const lines = ['vpc: vpc-bench', 'cidrs: [10.0.0.0/16]', 'groups:'];
  for (let group = 0; group < GROUPS; group++) {
    lines.push(`  sg-${group}:`, '    ingress:');
    for (const port of OPEN) lines.push(`      - tcp/${port} from 100.64.0.0/10`);
    for (let rule = 0; rule < 8; rule++) {
      lines.push(`      - tcp/${9000 + group * 8 + rule} from 172.16.${group * 8 + rule}.0/24`);
    }
  }
  lines.push('interfaces:');
  for (let eni = 0; eni < INTERFACES; eni++) {
    const groups = [0, 1, 2].map((n) => `sg-${(eni + n * 3) % GROUPS}`).join(', ');
    lines.push(`  eni-${eni}: { addresses: [10.0.1.${10 + eni}], groups: [${groups}] }`);
  }
  return `${lines.join('\n')}\n`;
}

/** Small, fast, and the same everywhere: enough to shuffle packets with. */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}
