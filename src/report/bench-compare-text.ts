import {
  CONFIDENCE,
  type Comparison,
  LEAST_CHANGE,
  OTHERS_MAX,
  type Told,
} from './bench-compare.js';
import { FIGURE_TEXTS } from './bench-figures.js';
import { type Table, paragraph, tableLines } from './columns.js';
import type { Line, Style } from './line.js';
import { line } from './line.js';
import { counted } from './quantity.js';

/** What became faster or slower, and how that is told. */
export function comparisonLines(
  name: string,
  comparisons: readonly Comparison[],
  width: number,
): readonly Line[] {
  const workers = [...new Set(comparisons.map((each) => each.workers))];
  const tables = workers.map((number): Table => {
    const own = comparisons.filter((each) => each.workers === number);
    return {
      title: counted(number, 'worker'),
      heads: ['older', 'ratio', 'interval', 'change'],
      rows: own.map((each) => ({
        label: FIGURE_TEXTS[each.figure].label,
        cells: [
          FIGURE_TEXTS[each.figure].text(each.before),
          ratioText(each.ratio),
          each.low === 0 ? '-' : `${ratioText(each.low)}-${ratioText(each.high)}`,
          { text: wordOf(each), style: STYLES[each.told] },
        ],
      })),
    };
  });
  return [
    ...paragraph(`compared with ${name}`, width, 0),
    ...(tables.length === 0 ? paragraph(NOTHING, width, 2) : tableLines(tables, width)),
    line(''),
    ...paragraph(HOW, width, 2, 'secondary'),
  ];
}

function ratioText(ratio: number): string {
  if (ratio < 0.001) return '<0.001';
  if (ratio < 9.9995) return ratio.toFixed(3);
  return ratio < 99.95 ? ratio.toFixed(1) : '>99.9';
}

/** Times and rates are faster or slower, memory is not. */
export function wordOf({ figure, told }: Comparison): string {
  if (told !== 'better' && told !== 'worse') return told;
  if (figure === 'peakBytes') return told === 'better' ? 'less' : 'more';
  return told === 'better' ? 'faster' : 'slower';
}

const STYLES: Readonly<Record<Told, Style>> = {
  better: 'allowed',
  worse: 'dropped',
  'within noise': 'plain',
  'machine busy': 'secondary',
  'too few rounds': 'secondary',
};

const NOTHING = 'no number of workers was measured in both';
const HOW = `ratio: median over all pairs of an older round and a new one; interval: that of the rank sum test of Mann and Whitney at ${CONFIDENCE * 100} %. A figure has changed if 1 is outside of its interval and the ratio off by ${LEAST_CHANGE * 100} % and, memory excepted, a fifth of what other programs took. Where those took more than ${OTHERS_MAX * 100} % of the machine, in either run, figures by the clock are not compared`;
