import type { CaptureSummary } from '../model/outcome.js';
import { paragraph } from './columns.js';
import type { Cut } from './cut.js';
import { sumTallies } from './cut.js';
import type { Line, Page } from './line.js';
import { line } from './line.js';
import { bytes, counted, duration, instant } from './quantity.js';

/** What was read: each capture, and how far. */
export function capturesSection(
  { shown, omitted }: Cut<CaptureSummary>,
  { width }: Page,
): readonly Line[] {
  if (shown.length + omitted.length === 0) return [];
  return [
    line('captures'),
    ...shown.flatMap((capture) => [
      ...paragraph(title(capture), width, 2),
      ...paragraph(`${capture.format}; ${capture.linkType}`, width, 4, 'secondary'),
      ...facts(capture).flatMap((fact) => paragraph(fact, width, 4)),
    ]),
    ...(omitted.length === 0 ? [] : paragraph(rest(omitted), width, 2, 'secondary')),
  ];
}

function title({ name, takenAt }: CaptureSummary): string {
  const file = name === '-' ? '- (standard input)' : name;
  return takenAt === undefined ? file : `${file}, taken at ${takenAt}`;
}

function facts(capture: CaptureSummary): readonly string[] {
  const { packets, firstTimeNs, lastTimeNs, disordered, overlong, stopped } = capture;
  const facts = [`${counted(packets, 'packet')}, ${bytes(capture.bytes)}`];
  if (firstTimeNs !== undefined && lastTimeNs !== undefined)
    facts.push(span(firstTimeNs, lastTimeNs));
  if (disordered > 0) facts.push(`${counted(disordered, 'packet')} out of time order`);
  if (overlong > 0) facts.push(`${counted(overlong, 'packet')} captured longer than on the wire`);
  if (stopped !== undefined) {
    facts.push(`reading stopped at frame ${stopped.frame}: ${stopped.fact}`);
  }
  return facts;
}

function span(first: bigint, last: bigint): string {
  return first === last
    ? instant(first)
    : `${instant(first)} to ${instant(last)} (${duration(last - first)})`;
}

function rest(omitted: readonly CaptureSummary[]): string {
  const sum = sumTallies(omitted);
  const partial = omitted.filter(({ stopped }) => stopped !== undefined).length;
  return (
    `${counted(omitted.length, 'more capture')}: ` +
    `${counted(sum.packets, 'packet')}, ${bytes(sum.bytes)}` +
    (partial === 0 ? '' : `; reading stopped early in ${partial} of them`)
  );
}
