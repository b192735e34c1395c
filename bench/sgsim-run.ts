import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadVpc } from '../src/documents/load.js';
import type { ResolvedPolicy } from '../src/policy/resolve.js';
import { resolveTimeline } from '../src/policy/timeline.js';
import { type MeasuredRun, measuredRun } from './measured-run.js';

/** The built program, beside the built benchmark. */
const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** A capture and the VPC that it belongs to. */
export interface BenchInput {
  readonly name: string;
  readonly capture: string;
  readonly vpc: string;
}

/** `sgsim replay --json` as a user would run it, with one thread. */
export function runSgsim(capture: string, vpc: string, ...options: readonly string[]): MeasuredRun {
  const replay = ['replay', '-r', capture, '--vpc', vpc, '--workers', '1', '--json'];
  return measuredRun([process.execPath, PROGRAM, ...replay, ...options]);
}

/** What the rules of a VPC file come to, while nothing changes. */
export function policyOf(vpc: string): ResolvedPolicy {
  const { description } = loadVpc([{ name: vpc, text: readFileSync(vpc, 'utf8') }]);
  return resolveTimeline(description).phases[0]!.policy;
}
