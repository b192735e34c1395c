import type { PhaseTally } from '../model/outcome.js';
import { instant } from '../model/instant-text.js';
import type { Row } from './columns.js';
import { paragraph, tableLines } from './columns.js';
import type { Line, Page } from './line.js';
import { count } from './quantity.js';

/** Packets by verdict before the first event and after each; nothing without events. */
export function phasesSection(phases: readonly PhaseTally[], { width }: Page): readonly Line[] {
  if (phases.length < 2) return [];
  const rows = phases.map(({ fromNs, byVerdict }): Row => {
    const columns = ['allow', 'drop', 'not-filtered', 'not-judged'] as const;
    return {
      label: fromNs === undefined ? 'before' : instant(fromNs),
      cells: columns.map((verdict) => count(byVerdict[verdict].packets)),
    };
  });
  const heads = ['allowed', 'dropped', 'not filtered', 'not judged'];
  const happened = phases.flatMap(({ fromNs, events }) =>
    fromNs === undefined
      ? []
      : events.flatMap((text) => paragraph(`${instant(fromNs)} ${text}`, width, 2, 'secondary')),
  );
  return [...tableLines([{ title: 'packets between events', heads, rows }], width), ...happened];
}
