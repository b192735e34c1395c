import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { connectionKey } from '../../src/explain/reference-connection.js';
import type { IpPacket, Packet } from '../../src/model/packet.js';
import { type Account, type Remembered, isOver } from '../../src/model/remembered.js';
import type { InterfaceVerdict, VerdictCode } from '../../src/model/verdict.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { changes, momentsOf } from './changes.js';
import { type Traced, createKernelJudge, createTracingJudge } from './judge-with-kernel.js';
import { trace } from './trace.js';
import { tracking, world } from './world.js';

const WORLDS = 1500;
/** Another kernel to judge, see differential.test.ts. */
const { KERNEL } = process.env;
const MODULE = KERNEL === undefined ? undefined : new WebAssembly.Module(readFileSync(KERNEL));

// On failure fast-check prints the seed.
it(`accounts change no verdict of ${WORLDS} random worlds`, { timeout: 300_000 }, () => {
  const judge = createKernelJudge(MODULE);
  const judgeTraced = createTracingJudge(MODULE);
  fc.assert(
    fc.property(world, changes, trace, tracking, (description, changed, packets, options) => {
      const timeline = resolveTimeline(description, momentsOf(description, changed, packets));
      const traced = judgeTraced(timeline, options, packets);
      expect(traced.verdicts).toEqual(judge(timeline, options, packets));
    }),
    { numRuns: WORLDS },
  );
});

it(`traces of ${WORLDS} random worlds tell what the verdicts rest on`, { timeout: 300_000 }, () => {
  const judge = createTracingJudge(MODULE);
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(world, changes, trace, tracking, (description, changed, packets, options) => {
      const timeline = resolveTimeline(description, momentsOf(description, changed, packets));
      const traced = judge(timeline, options, packets);
      visitsOf(traced).forEach((visit) => {
        const { memory, answer } = visit;
        const kind = memory?.kind ?? 'nothing';
        seen.set(`${answer.code} ${kind}`, (seen.get(`${answer.code} ${kind}`) ?? 0) + 1);
        checkCode(visit);
        if (memory !== undefined) checkEnds(visit, memory);
      });
      checkAccounts(traced);
    }),
    { numRuns: WORLDS },
  );
  const often = [...seen].filter(([, count]) => count > 5).map(([name]) => name);
  expect(often).toEqual(
    expect.arrayContaining([
      ...['tracked connection', 'related connection', 'untracked untracked', 'no-rule noted'],
      ...['not-opened denied', 'no-state connection', 'rule first-fragment', 'rule connection'],
      ...['rule nothing', 'inferred nothing', 'no-rule denied', 'no-rule first-fragment'],
    ]),
  );
});

/** A packet at an interface, and what that remembered. */
interface Visit {
  readonly row: number;
  readonly packet: Packet;
  readonly ip: IpPacket;
  readonly nowNs: bigint;
  readonly answer: InterfaceVerdict;
  readonly memory: Remembered | undefined;
  /** Of the packet's flow; undefined when it has none. */
  readonly key: string | undefined;
}

function visitsOf({ verdicts, memories, packets }: Traced): Visit[] {
  let clock = 0n;
  return packets.flatMap((packet, row) => {
    if (packet.timeNs > clock) clock = packet.timeNs;
    const nowNs = clock;
    if (packet.content.kind !== 'ip') return [];
    const { ip } = packet.content;
    return verdicts[row]!.at.map((answer, i): Visit => {
      const key = connectionKey(ip, answer.direction);
      return {
        ...{ row, packet, ip, nowNs, answer, memory: memories[row]![i] },
        key: key === undefined ? undefined : `${answer.eni} ${key}`,
      };
    });
  });
}

/** Answers that are given before anything remembered is asked for. */
const UNASKED: readonly VerdictCode[] = [
  'source-dest-check',
  'exempt',
  'unsupported-by-vpc',
  'no-groups',
];

/** A verdict that rests on something remembered. */
function checkCode({ answer, memory, nowNs, ip }: Visit): void {
  if (UNASKED.includes(answer.code)) expect(memory).toBeUndefined();
  const isFragment = ip.fragment !== undefined;
  const isLive = memory !== undefined && !isOver(memory, nowNs);
  // The code of an early fragment is another packet's.
  if (isFragment) return;
  if (answer.code === 'tracked' || answer.code === 'related') {
    expect([memory?.kind, isLive, memory?.rule]).toEqual(['connection', true, answer.rule]);
  }
  if (answer.code === 'not-opened') expect([memory?.kind, isLive]).toEqual(['denied', true]);
  if (answer.code === 'no-state' && isLive) expect(memory.kind).not.toBe('connection');
}

/** The flow that is told of is the packet's, or that of the packet which it quotes. */
function checkEnds({ ip, answer, memory }: Visit, { eni, flow, kind }: Remembered): void {
  const outwards = answer.direction === 'egress';
  const quote = ip.transport?.kind === 'icmp' ? ip.transport.quote : undefined;
  const shown = quote ?? ip;
  const leaves = quote === undefined ? outwards : !outwards;
  const ends = leaves ? [shown.source, shown.destination] : [shown.destination, shown.source];
  expect(eni).toBe(answer.eni);
  expect([flow.local, flow.remote, flow.protocol]).toEqual([...ends, shown.protocol]);
  if (kind === 'first-fragment') expect(flow.datagram).toBe(ip.fragment!.id);
  const { transport } = shown;
  if (kind === 'first-fragment' || transport === undefined) return;
  if (transport.kind === 'icmp') expect(flow.query!.id).toBe(transport.id);
  else {
    const { sourcePort, destinationPort } = transport;
    const ports = leaves ? [sourcePort, destinationPort] : [destinationPort, sourcePort];
    expect([flow.localPort, flow.remotePort]).toEqual(ports);
  }
  expect(memory!.account.createdNs).toBeLessThanOrEqual(memory!.lastSeenNs);
}

/** What a flow's account was before one of its packets, and what became of the packet, tell what it is before the next. */
function checkAccounts(traced: Traced): void {
  const before = new Map<string, Visit>();
  for (const visit of visitsOf(traced)) {
    const { key, memory, ip, answer } = visit;
    if (UNASKED.includes(answer.code)) continue;
    // Errors are judged by another flow, and covered fragments by their datagram.
    if (key === undefined || memory?.kind === 'first-fragment') continue;
    if (ip.fragment !== undefined && ip.fragment.offset > 0) {
      before.delete(key);
      continue;
    }
    const last = before.get(key);
    if (last !== undefined && memory !== undefined) {
      expect(memory.account).toEqual(accountAfter(last, memory));
    }
    before.set(key, visit);
  }
}

const NOTHING = { packets: 0, bytes: 0 };

function accountAfter(last: Visit, now: Remembered): Account {
  const { answer, packet, memory, row, nowNs } = last;
  const begins = now.account.createdFrame === row + 1;
  const account: Account = begins
    ? { createdNs: nowNs, createdFrame: row + 1, original: NOTHING, reply: NOTHING }
    : memory!.account;
  const counts = begins
    ? answer.verdict === 'allow'
    : answer.code === 'tracked' || answer.code === 'untracked';
  if (!counts) return account;
  const side = answer.direction === now.original ? 'original' : 'reply';
  const { packets, bytes } = account[side];
  return { ...account, [side]: { packets: packets + 1, bytes: bytes + packet.length } };
}
