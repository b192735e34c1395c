// Which connections are live at an instant, and in which state: the kernel's table against the reference's memory.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Progress, idleSecondsOf } from '../../src/explain/reference-connection.js';
import type { Connection, Memory } from '../../src/explain/reference-memory.js';
import type { Address } from '../../src/model/address.js';
import type { FlowState, Remembered } from '../../src/model/remembered.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { connectionsAt } from '../../src/replay/connections.js';
import { changes, momentsOf } from './changes.js';
import { createTracingJudge } from './judge-with-kernel.js';
import { judgeAndRemember } from './judge-with-reference.js';
import { trace } from './trace.js';
import { tracking, world } from './world.js';

const WORLDS = 1500;
/** Another kernel to judge, see differential.test.ts. */
const { KERNEL } = process.env;
const MODULE = KERNEL === undefined ? undefined : new WebAssembly.Module(readFileSync(KERNEL));

/** Silence after the last packet, in seconds: none, around idle limits, and longer than some. */
const silence = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(9, 10, 29, 30, 31, 60, 119, 120, 180, 600, 90_000, 520_000),
  },
);

// On failure fast-check prints the seed.
it(`the tables of ${WORLDS} random worlds are the reference's`, { timeout: 300_000 }, () => {
  const judge = createTracingJudge(MODULE);
  const seen = new Map<string, number>();
  const count = (what: string): void => {
    seen.set(what, (seen.get(what) ?? 0) + 1);
  };
  fc.assert(
    fc.property(
      ...[world, changes, trace, tracking, silence, fc.double({ min: 0, max: 1, noNaN: true })],
      (description, changed, packets, options, silentSeconds, share) => {
        const timeline = resolveTimeline(description, momentsOf(description, changed, packets));
        const frames = packets.slice(0, Math.ceil(share * packets.length));
        const clockNs = frames.reduce((now, { timeNs }) => (timeNs > now ? timeNs : now), 0n);
        const timeNs = clockNs + BigInt(silentSeconds) * 1_000_000_000n;
        const { records } = judge(timeline, options, frames);
        const table = connectionsAt({
          ...{ records, timeline, tracking: options, eni: undefined },
          at: { timeNs, offsetNs: 0n, frame: frames.length },
        });
        const told = table.interfaces.flatMap(({ live }) =>
          live.map(({ remembered }) => rememberedText(remembered)),
        );
        const { memories } = judgeAndRemember(timeline, options, frames);
        const live = [...memories].flatMap(([eni, memory]) => liveTexts(eni, memory, timeNs));
        expect(told.sort()).toEqual(live.map(({ text }) => text).sort());
        live.forEach(({ state }) => count(state));

        for (const { eni, besides } of table.interfaces) {
          const memory = memories.get(eni)!;
          expect(besides.ended, eni).toBe(endedOf(memory, options, timeNs));
          if (besides.ended > 0) count('ended');
        }
      },
    ),
    { numRuns: WORLDS },
  );
  // A table that is never seen says nothing. Of the rarest of these some thirteen are drawn.
  expect([...seen.keys()]).toEqual(
    expect.arrayContaining(['SYN_SENT', 'ESTABLISHED', 'FIN_WAIT', 'UDP', 'ICMP', 'ended']),
  );
});

const STATES: Readonly<Record<string, FlowState>> = {
  ...{ SS: 'SYN_SENT', SR: 'SYN_RECV', ES: 'ESTABLISHED', FW: 'FIN_WAIT', CW: 'CLOSE_WAIT' },
  ...{ LA: 'LAST_ACK', TW: 'TIME_WAIT', CL: 'CLOSE', S2: 'SYN_SENT2' },
};

function stateOf(progress: Progress): FlowState {
  switch (progress.kind) {
    case 'tcp':
      return STATES[progress.state]!;
    case 'udp':
      return progress.turns > 1 ? 'UDP_STREAM' : 'UDP';
    case 'icmp':
      return 'ICMP';
    case 'other':
      return 'OTHER';
  }
}

const isLive = ({ lastSeen, progress, limits }: Connection, timeNs: bigint): boolean =>
  timeNs - lastSeen < BigInt(idleSecondsOf(progress, limits)) * 1_000_000_000n;

function liveTexts(eni: string, { connections }: Memory, timeNs: bigint) {
  return [...connections]
    .filter(([, connection]) => isLive(connection, timeNs))
    .map(([key, { original, rule, lastSeen, progress, limits }]) => {
      const state = stateOf(progress);
      const idle = idleSecondsOf(progress, limits);
      return { state, text: `${eni} ${key} ${original} ${rule} ${lastSeen} ${state} ${idle}` };
    });
}

/** The same, with the key as `connectionKey` writes it. */
function rememberedText(remembered: Remembered): string {
  const { eni, flow, original, rule, lastSeenNs, state, idleSeconds } = remembered;
  const { local, remote, protocol, query, localPort, remotePort } = flow;
  const ends = `${addressText(local)} ${addressText(remote)}`;
  const rest =
    query !== undefined
      ? `icmp ${query.request} id ${query.id} by ${query.byLocal ? 'local' : 'remote'}`
      : localPort === undefined
        ? `${protocol}`
        : `${protocol} ${localPort} ${remotePort!}`;
  return `${eni} ${ends} ${rest} ${original} ${rule!} ${lastSeenNs} ${state!} ${idleSeconds}`;
}

const addressText = ({ family, value }: Address): string => `${family}:${value.toString(16)}`;

/** CT-14. */
function endedOf(
  { connections }: Memory,
  { midstream, historySeconds }: TrackingOptions,
  timeNs: bigint,
): number {
  if (midstream !== 'history') return 0;
  return [...connections.values()].filter((connection) => {
    const { lastSeen, progress, limits } = connection;
    const idle = idleSecondsOf(progress, limits) + historySeconds;
    const remembered = timeNs - lastSeen < BigInt(idle) * 1_000_000_000n;
    const wasEstablished = progress.kind === 'tcp' && progress.wasEstablished;
    return wasEstablished && remembered && !isLive(connection, timeNs);
  }).length;
}
