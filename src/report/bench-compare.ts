import { type BenchResult, FIGURES, type Figure } from '../model/bench-result.js';
import { median } from './quantile.js';
import { type Shift, compareSamples } from './rank-test.js';

/** How a figure of one run stands to that of an older one. */
export interface Comparison extends Shift {
  readonly workers: number;
  readonly figure: Figure['name'];
  /** Medians over the rounds. */
  readonly before: number;
  readonly after: number;
  readonly told: Told;
}

export type Told = 'better' | 'worse' | 'within noise' | 'too few rounds';

/** Confidence of every interval, of 1. */
export const CONFIDENCE = 0.99;

/** Smallest change that is told: between one run and the next, machines drift by more than the rounds of one show. */
export const LEAST_CHANGE = 0.03;

/** Follows from packets per second, as long as the workload is the same. */
const IMPLIED: readonly Figure['name'][] = ['connectionsPerSecond'];

/** Compares what both runs measured, by workers and figure. The same workload is taken for granted. */
export function compareResults(before: BenchResult, after: BenchResult): readonly Comparison[] {
  return after.results.flatMap(({ workers, figures }) => {
    const old = before.results.find((result) => result.workers === workers);
    return FIGURES.flatMap((figure) => {
      const [olds, news] = [old?.figures[figure.name], figures[figure.name]];
      if (olds === undefined || news === undefined || IMPLIED.includes(figure.name)) return [];
      const shift = compareSamples(olds, news, CONFIDENCE);
      const medians = { before: median(olds), after: median(news) };
      return [{ workers, figure: figure.name, ...medians, ...shift, told: tell(figure, shift) }];
    });
  });
}

function tell({ better }: Figure, { ratio, low, high }: Shift): Told {
  if (low === 0) return 'too few rounds';
  const isMore = low > 1 && ratio >= 1 + LEAST_CHANGE;
  const isLess = high < 1 && ratio <= 1 / (1 + LEAST_CHANGE);
  if (!isMore && !isLess) return 'within noise';
  return isMore === (better === 'more') ? 'better' : 'worse';
}
