import type { ExpectedTraffic } from '../model/expected-traffic.js';
import { escapeJson } from './json-escape.js';
import { bytes, counted } from './quantity.js';

interface Generated {
  readonly expected: ExpectedTraffic;
  /** File that it was written to; `-` is standard output. */
  readonly name: string | undefined;
  /** Whether it was judged too, and all verdicts were as expected. */
  readonly checked: boolean;
}

/** What was generated and what must come of it, in lines. */
export function generatedText({ expected, name, checked }: Generated): string {
  const { packets, flows, allowed, dropped } = expected;
  const what = `${counted(packets, 'packet')} of ${counted(flows, 'flow')}, ${bytes(expected.bytes)} on the wire`;
  const to = name === undefined ? '' : `, written to ${name === '-' ? 'standard output' : name}`;
  const lines = [
    `generated  ${what}${to}`,
    `allowed    ${counted(allowed.packets, 'packet')} of ${counted(allowed.flows, 'flow')}`,
    `dropped    ${counted(dropped.packets, 'packet')} of ${counted(dropped.flows, 'flow')}`,
  ];
  if (checked) lines.push('judged     as expected, packet by packet');
  return `${lines.join('\n')}\n`;
}

/** The same for programs: one object, keys always present; version 1 only grows. */
export function generatedJson({ expected, name, checked }: Generated): string {
  const { packets, flows, allowed, dropped } = expected;
  const report = {
    version: 1,
    tool: 'sgsim',
    generated: { packets, bytes: expected.bytes, flows },
    allowed: { packets: allowed.packets, flows: allowed.flows },
    dropped: { packets: dropped.packets, flows: dropped.flows },
    written: name ?? null,
    checked,
  };
  return `${escapeJson(JSON.stringify(report, null, 2))}\n`;
}
