import type { CaptureSummary, Reading } from '../model/outcome.js';
import { instant } from '../model/instant-text.js';
import { paragraph } from './columns.js';
import type { Cut } from './cut.js';
import { sumTallies } from './cut.js';
import type { Line, Page } from './line.js';
import { line } from './line.js';
import { bytes, count, counted, duration } from './quantity.js';

/** What was read: each capture, and how far. */
export function capturesSection(
  { shown, omitted }: Cut<CaptureSummary>,
  reading: Reading,
  { width }: Page,
  interrupted = false,
): readonly Line[] {
  if (shown.length + omitted.length === 0) return [];
  return [
    line('captures'),
    ...shown.flatMap((capture) => [
      ...paragraph(captureTitle(capture), width, 2),
      ...paragraph(`${capture.format}; ${capture.linkType}`, width, 4, 'secondary'),
      ...captureFacts(capture).flatMap((fact) => paragraph(fact, width, 4)),
    ]),
    ...(omitted.length === 0 ? [] : paragraph(rest(omitted), width, 2, 'secondary')),
    ...(interrupted ? paragraph(INTERRUPTED, width, 2, 'dropped') : []),
    ...readingFacts(reading).flatMap((fact) => paragraph(fact, width, 2)),
  ];
}

/** Its name, and where it was taken when that is told. */
export function captureTitle({ name, takenAt }: CaptureSummary): string {
  const file = name === '-' ? '- (standard input)' : name;
  return takenAt === undefined ? file : `${file}, taken at ${takenAt}`;
}

/** What is to be said of a capture besides its format. */
export function captureFacts(capture: CaptureSummary): readonly string[] {
  const { packets, firstTimeNs, lastTimeNs, disordered, overlong, untimed, stopped } = capture;
  const facts = [`${counted(packets, 'packet')}, ${bytes(capture.bytes)}`];
  if (firstTimeNs !== undefined && lastTimeNs !== undefined)
    facts.push(spanText(firstTimeNs, lastTimeNs));
  if (disordered > 0) facts.push(`${counted(disordered, 'packet')} out of time order`);
  if (untimed > 0) facts.push(`${counted(untimed, 'packet')} without a time`);
  if (overlong > 0) facts.push(`${counted(overlong, 'packet')} captured longer than on the wire`);
  if (stopped !== undefined) {
    const what = stopped.amid ? 'not all was read' : `reading stopped at frame ${stopped.frame}`;
    facts.push(`${what}: ${stopped.fact}`);
  }
  return facts;
}

const INTERRUPTED = 'partial: interrupted while reading; what follows covers the packets so far';

/** What is not as in most captures. */
export function readingFacts({
  leftOut,
  peeled,
  linkTypes,
  wrongChecksums,
}: Reading): readonly string[] {
  const facts: string[] = [];
  if (leftOut > 0) facts.push(`${counted(leftOut, 'packet')} left out by filter or bounds`);
  if (peeled > 0) facts.push(`${counted(peeled, 'packet')} taken out of tunnels`);
  for (const { linkType, read, packets } of linkTypes) {
    if (!read)
      facts.push(`${counted(packets, 'packet')} of link type ${linkType}, which is not read`);
  }
  if (wrongChecksums !== undefined) {
    const { ip, transport } = wrongChecksums;
    facts.push(`wrong checksums: ${count(ip)} of IP, ${count(transport)} of TCP, UDP and ICMP`);
  }
  return facts;
}

/** From when to when, and how long that is. */
export function spanText(first: bigint, last: bigint): string {
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
