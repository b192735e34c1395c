import { type EngineCounters, type GroupCounters, tallyOffsets } from '../engine/counters.js';
import {
  ANSWER_CODE,
  ANSWER_DIRECTION,
  ANSWER_INTERFACE,
  ANSWER_RULE,
  CODES,
  CODE_VERDICT_SHIFT,
  GROUPS_MAX,
  NONE,
  VERDICT_ANSWERS,
  VERDICT_CODE,
  VERDICT_FIRST,
  VERDICT_PORT,
  VERDICT_SECOND,
} from '../kernel/layout.js';
import { type GroupSums, addGroup, joinGroups, keyOfCause } from './drop-groups.js';

/** What is counted of a frame, beside its verdict. */
export interface CountedFrame {
  /** Position in the replay, from 1. */
  readonly number: number;
  readonly timeNs: bigint;
  readonly length: number;
  readonly ipv6: boolean;
  readonly source: bigint;
  readonly destination: bigint;
  readonly protocol: number;
}

/** Ports of the datagram that it is a part of, when its first fragment told them. */
export interface DatagramPorts {
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** Counts the frames that the kernel left uncounted, in the shape of one more shard. */
export interface LateTally {
  /** `verdict` holds the frame's record at `at`; `phase` is that of its time. Such a frame begins no flow. */
  count(
    frame: CountedFrame,
    phase: number,
    verdict: DataView,
    at: number,
    ports?: DatagramPorts,
  ): void;
  counters(): EngineCounters;
}

export function createLateTally(
  interfaceCount: number,
  ruleCount: number,
  phaseCount: number,
): LateTally {
  const offsets = tallyOffsets(interfaceCount, phaseCount);
  const tallies = new Float64Array(offsets.rules + ruleCount * 3);
  const groups = createDropGroups();
  const add = (at: number, bytes: number): void => {
    tallies[at]! += 1;
    tallies[at + 1]! += bytes;
  };
  return {
    count(frame, phase, verdict, at, ports) {
      const { length, protocol } = frame;
      const code = verdict.getUint8(at + VERDICT_CODE);
      add((phase * CODES + code) * 3, length);
      const answers = answersOf(verdict, at);
      for (const { eni, direction, rule, code: said } of answers) {
        const column = direction * 4 + (said >> CODE_VERDICT_SHIFT);
        add(offsets.interfaces + eni * 16 + column * 2, length);
        if (rule !== NONE) add(offsets.rules + rule * 3, length);
      }
      if (code >> CODE_VERDICT_SHIFT !== DROP) return;
      // What drops a frame answers last.
      const { eni, direction } = answers.at(-1)!;
      const hasPort = ports !== undefined;
      const port = hasPort ? verdict.getUint32(at + VERDICT_PORT, true) : 0;
      const key = keyOfCause({ code, hasPort, direction, eni, protocol, port });
      groups.add(groupOf(key, frame, ports));
    },
    counters: () => ({
      tallies,
      ...groups.all(),
      // Told of a frame when it is decoded, not when it is judged.
      ...{ peeled: 0, wrongHeaders: 0, wrongTransports: 0 },
    }),
  };
}

const DROP = 1;

interface SaidAt {
  readonly eni: number;
  readonly direction: number;
  readonly rule: number;
  readonly code: number;
}

function answersOf(verdict: DataView, at: number): readonly SaidAt[] {
  const places = [VERDICT_FIRST, VERDICT_SECOND].slice(0, verdict.getUint8(at + VERDICT_ANSWERS));
  return places.map((place) => ({
    eni: verdict.getUint32(at + place + ANSWER_INTERFACE, true),
    direction: verdict.getUint8(at + place + ANSWER_DIRECTION),
    rule: verdict.getUint32(at + place + ANSWER_RULE, true),
    code: verdict.getUint8(at + place + ANSWER_CODE),
  }));
}

function groupOf(
  key: bigint,
  { number, timeNs, length, ipv6, source, destination }: CountedFrame,
  { sourcePort, destinationPort }: DatagramPorts = { sourcePort: 0, destinationPort: 0 },
): GroupCounters {
  return {
    ...{ key, packets: 1, bytes: length, flows: 0, firstNs: timeNs, lastNs: timeNs },
    ...{ frame: number, ipv6, source, destination, sourcePort, destinationPort },
  };
}

/** As bounded as the kernel's: too many groups are joined by wider port ranges. */
function createDropGroups() {
  let shift = 0;
  let byKey: GroupSums = new Map();
  return {
    add(group: GroupCounters): void {
      addGroup(byKey, group, shift);
      if (byKey.size <= GROUPS_MAX || shift === 16) return;
      shift += 8;
      byKey = joinGroups([...byKey.values()], shift);
    },
    all: () => ({ groups: [...byKey.values()], groupShift: shift }),
  };
}
