import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { differences, type NativeCounts, type ReplayReport } from '../../bench/native-answers.js';
import { buildNative } from '../../bench/native-build.js';
import { nativePolicy } from '../../bench/native-policy.js';
import { openCapture } from '../../src/capture/source.js';
import { loadVpc } from '../../src/documents/load.js';
import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import type { Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { renderJson } from '../../src/report/json.js';
import { replay } from '../../src/replay/replay.js';
import { SGSIM } from '../cli/sgsim.js';
import { trace } from '../differential/trace.js';
import { world } from '../differential/world.js';

const DEMO = fileURLToPath(new URL('../../fixtures/demo', import.meta.url));
const WORLDS = 80;
const TRACES = 20;

const folder = mkdtempSync(join(tmpdir(), 'sgsim-native-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const reference = buildNative('reference', folder);
const capture = join(folder, 'capture.pcap');
const rules = join(folder, 'rules.txt');

function count(packets: string): NativeCounts {
  const { stdout, stderr, status } = spawnSync(reference!, [rules, packets, '--groups'], {
    encoding: 'utf8',
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return JSON.parse(stdout) as NativeCounts;
}

describe.skipIf(reference === undefined)(
  `the native reference${reference === undefined ? ' (skipped: no C compiler for it here)' : ''}`,
  () => {
    const seen = new Map<string, number>();

    it(`counts what sgsim counts in ${WORLDS} random worlds`, { timeout: 120_000 }, async () => {
      const traces = fc.array(trace, { minLength: TRACES, maxLength: TRACES });
      await fc.assert(
        fc.asyncProperty(world, traces, async (description, drawn) => {
          const packets = inARow(drawn).filter(isHandled);
          writePackets(packets);
          const timeline = resolveTimeline(withoutPaths(description));
          const { policy } = timeline.phases[0]!;
          writeFileSync(rules, nativePolicy(policy));
          const source = openCapture(capture);
          const outcome = await replay(() => timeline, [source], {
            tracking: DEFAULT_TRACKING,
            workers: 1,
          });
          source.close();
          const report = JSON.parse(renderJson(outcome, { top: 1e6 })) as ReplayReport;
          for (const each of report.byCode)
            seen.set(each.code, (seen.get(each.code) ?? 0) + each.packets);
          const counts = count(capture);
          expect(counts.notHandled).toBe(0);
          expect(counts.packets).toBe(packets.length);
          expect(differences(report, counts, policy)).toEqual([]);
        }),
        { numRuns: WORLDS },
      );
      // A comparison that never meets a code says nothing about it.
      expect([...seen.keys()].sort()).toEqual([...CODES].sort());
    });

    it('counts what sgsim counts in the demo, of the packets that it judges', () => {
      const vpc = join(DEMO, 'vpc');
      const files = readdirSync(vpc).map((name) => ({
        name,
        text: readFileSync(join(vpc, name), 'utf8'),
      }));
      const { policy } = resolveTimeline(loadVpc(files).description).phases[0]!;
      writeFileSync(rules, nativePolicy(policy));
      const demo = join(DEMO, 'capture.pcap');
      const all = ['replay', '-r', demo, '--vpc', vpc, '--json', '--top', '1000000'];
      const { stdout } = spawnSync(process.execPath, [SGSIM, ...all, HANDLED], {
        encoding: 'utf8',
      });
      const report = JSON.parse(stdout) as ReplayReport;
      const counts = count(demo);
      expect(counts.packets - counts.notHandled).toBe(report.totals.packets);
      expect(report.totals.packets).toBeGreaterThan(0);
      expect(differences(report, counts, policy)).toEqual([]);
    });
  },
);

const CODES = [
  ...['rule', 'tracked', 'untracked', 'inferred', 'no-rule', 'no-state', 'not-opened'],
  ...['source-dest-check', 'unsupported-by-vpc', 'exempt', 'local', 'no-groups', 'no-interface'],
];

/** What the reference judges, in the language of filters. */
const HANDLED =
  'ether proto 0x0800 and ip[6:2] & 0x3fff = 0 and (tcp or udp or icmp[0] = 8 or icmp[0] = 0)';

function isHandled({ content }: Packet): boolean {
  if (content.kind !== 'ip') return false;
  const { source, fragment, transport, protocol } = content.ip;
  if (source.family !== 4 || fragment !== undefined || transport === undefined) return false;
  if (transport.kind !== 'icmp') return true;
  return protocol === 1 && (transport.type === 8 || transport.type === 0);
}

/** One trace after another. */
function inARow(traces: readonly (readonly Packet[])[]): Packet[] {
  let clock = 0n;
  return traces.flatMap((packets) => {
    const first = packets[0]!.timeNs;
    const moved = packets.map((packet) => ({
      ...packet,
      timeNs: packet.timeNs + (clock === 0n ? 0n : clock - first + 1n),
    }));
    clock = moved.reduce((latest, { timeNs }) => (timeNs > latest ? timeNs : latest), clock);
    return moved;
  });
}

function writePackets(packets: readonly Packet[]): void {
  const frames = packets.map((packet) => ({ timeNs: packet.timeNs, bytes: encodeFrame(packet) }));
  writeFileSync(capture, encodePcap(frames, { nanoseconds: true }));
}

/** The reference knows neither paths nor delegated prefixes. */
function withoutPaths(description: VpcDescription): VpcDescription {
  const interfaces = description.interfaces.map((eni) => ({ ...eni, delegated: [] }));
  return { ...description, interfaces, paths: [] };
}
