import { spawnSync } from 'node:child_process';
import type { ResolvedPolicy } from '../src/policy/resolve.js';
import type { MeasuredRun } from './measured-run.js';
import type { BenchInput } from './sgsim-run.js';

/** What a peer is given. */
export interface PeerTask extends BenchInput {
  readonly packets: number;
  /** The first packets of the capture, for peers that would take too long over all, and how many. */
  readonly beginning: string;
  readonly beginningPackets: number;
  readonly policy: ResolvedPolicy;
  /** For files of its own. */
  readonly folder: string;
}

/** A peer that is ready to run. */
export interface PreparedPeer {
  /** Of the capture, how many it reads. */
  readonly packets: number;
  readonly run: () => MeasuredRun;
  /** Throws when a run found other than it must; tells what it found. */
  readonly check: (run: MeasuredRun) => string;
}

/** Another program that does some of what sgsim does. */
export interface Peer {
  readonly name: string;
  /** What it does with a packet. */
  readonly does: string;
  /** Undefined when it is not installed. */
  readonly prepare: (task: PeerTask) => PreparedPeer | undefined;
}

/** Whether a program can be started by its name. */
export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0;
}

/** The first group of a pattern in what a program printed, as a number. Throws when it is not there. */
export function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`${String(pattern)} is not in: ${text.slice(0, 2000)}`);
  return Number(found);
}

/** Throws unless a peer found every packet. */
export function expectPackets(name: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${name} found ${found} packets of ${wanted}`);
}
