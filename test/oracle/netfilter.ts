import { spawnSync } from 'node:child_process';
import { accessSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InterfaceSpec } from './interface-spec.js';

/** Linux's answer to one frame at one interface. */
export interface NetfilterVerdict {
  readonly direction: 'in' | 'out' | '-';
  readonly verdict: 'pass' | 'drop' | 'skip';
  /** State that conntrack gave the packet (est, rel, new, inv, untracked), or why it was not sent. */
  readonly why: string;
  readonly fragment: boolean;
}

export interface NetfilterOptions {
  /** Takes the capture's time off every entry; otherwise nothing times out. */
  readonly clock?: boolean;
  /** Waits until Linux takes a UDP flow for a stream. */
  readonly udpStream?: boolean;
  readonly related?: boolean;
}

const ORACLE = '../shared/oracle/oracle.py';
const SETUP = '../shared/oracle/setup.sh';
/** A name of its own, so that two runs can stand side by side. */
const PREFIX = `sg${process.pid.toString(36)}`;
const TOOLS = ['python3', 'nft', 'conntrack', 'tshark', 'ip'];

/** Why Linux netfilter cannot be asked here; undefined when it can. */
export function netfilterMissing(): string | undefined {
  try {
    accessSync(ORACLE);
  } catch {
    return `${ORACLE} is absent`;
  }
  if (process.platform !== 'linux') return 'not on Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const absent = TOOLS.filter((tool) => spawnSync('which', [tool]).status !== 0);
  if (absent.length > 0) return `not installed: ${absent.join(', ')}`;
  const probe = spawnSync(SETUP, ['up', PREFIX], { encoding: 'utf8' });
  spawnSync(SETUP, ['down', PREFIX]);
  return probe.status === 0 ? undefined : `cannot be set up: ${probe.stderr.split('\n')[0]}`;
}

/** What Linux says to every frame of a capture, in order. Throws with its own words when it fails. */
export function askNetfilter(
  spec: InterfaceSpec,
  capture: Uint8Array,
  { clock = false, udpStream = false, related = true }: NetfilterOptions = {},
): NetfilterVerdict[] {
  const folder = mkdtempSync(join(tmpdir(), 'sgsim-netfilter-'));
  try {
    const files = { spec: join(folder, 'spec.json'), capture: join(folder, 'capture.pcap') };
    writeFileSync(files.spec, JSON.stringify(spec));
    writeFileSync(files.capture, capture);
    const { status, stdout, stderr } = spawnSync(
      'python3',
      [
        ...[ORACLE, '--auto', '--related', related ? '1' : '0'],
        ...['--prefix', PREFIX],
        ...(clock ? ['--clock'] : []),
        ...(udpStream ? ['--udp-stream'] : []),
        ...[files.spec, files.capture],
      ],
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    if (status !== 0 || stderr !== '') throw new Error(`netfilter: ${stderr}`);
    return stdout.trimEnd().split('\n').slice(1).map(parseLine);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parseLine(line: string): NetfilterVerdict {
  const [, direction, verdict, why, note] = line.split('\t');
  return {
    direction: direction as NetfilterVerdict['direction'],
    verdict: verdict as NetfilterVerdict['verdict'],
    why: why ?? '',
    fragment: note === 'frag',
  };
}
