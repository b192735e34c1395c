import type { Difference } from '../model/verdict-change.js';
import { cutLists } from './cut.js';
import { changeLines } from './diff-changes.js';
import { groupBlocks } from './diff-groups.js';
import { summaryLines, verdictTables } from './diff-summary.js';
import { diffWarnings } from './diff-warnings.js';
import { type Line, type Page, line, paint } from './line.js';
import { capturesSection } from './section-captures.js';
import { warningsSection } from './section-notes.js';

export interface DifferenceTextOptions {
  /** Whether to mark allowed, dropped and secondary text with ANSI colours. */
  readonly color: boolean;
  /** Longest list to show, in entries. */
  readonly top: number;
  /** In terminal columns, 80 unless told; below 60 is taken as 60. */
  readonly width?: number;
}

/**
 * What a change of a VPC does to captured packets, for people: the sentence that counts first, sums, what differs between the
 * VPCs, and the changed packets by the change behind them. A newline at the end; no line is wider than `width` but commands,
 * which stay on one line each to be copied. Nothing from a document or capture can steer the terminal (`printable`).
 */
export function differenceText(
  difference: Difference,
  { color, top, width = 80 }: DifferenceTextOptions,
): string {
  const page: Page = { width: Math.max(60, width), top };
  const { before } = difference;
  const { captures } = cutLists(before, top);
  const blocks: (readonly Line[])[] = [
    summaryLines(difference, page.width),
    verdictTables(difference, page.width),
    changeLines(difference.changes, page),
    ...groupBlocks(difference, page.width),
    capturesSection(captures, before.reading, page),
    warningsSection(diffWarnings(difference, top), page),
  ];
  const lines = blocks
    .filter((block) => block.length > 0)
    .flatMap((block, i) => (i === 0 ? block : [line(''), ...block]));
  return lines.map((spans) => `${paint(spans, color)}\n`).join('');
}
