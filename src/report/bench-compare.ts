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
  /** By how much, of 1, the ratio must be off to be told. */
  readonly least: number;
  readonly told: Told;
}

export type Told = 'better' | 'worse' | 'within noise' | 'machine busy' | 'too few rounds';

/** Confidence of every interval, of 1. */
export const CONFIDENCE = 0.99;

/** Smallest change that is told: between one run and the next, machines drift by more than the rounds of one show. */
export const LEAST_CHANGE = 0.05;

/**
 * What is added to that for rates and times, by the part of all processor time that other programs took: they share caches.
 * Runs of one build differed by up to 10 % in packets by processor time beside programs that took 90 %, with one worker, and
 * by 13 % beside such that took half, with as many workers as cores.
 */
export const OTHERS_CHANGE = 0.2;

/** Part of all processor time that other programs may take: with more, the clock tells of them as well. */
export const OTHERS_MAX = 0.1;

/** Follows from packets per second, as long as the workload is the same. */
const IMPLIED: readonly Figure['name'][] = ['connectionsPerSecond'];

/** Compares what both runs measured, by workers and figure. The same workload is taken for granted. */
export function compareResults(before: BenchResult, after: BenchResult): readonly Comparison[] {
  return after.results.flatMap(({ workers, figures, others }) => {
    const old = before.results.find((result) => result.workers === workers);
    const share = Math.max(shareOf(others), shareOf(old?.others ?? []));
    return FIGURES.flatMap((figure) => {
      const [olds, news] = [old?.figures[figure.name], figures[figure.name]];
      if (olds === undefined || news === undefined || IMPLIED.includes(figure.name)) return [];
      const shift = compareSamples(olds, news, CONFIDENCE);
      const medians = { before: median(olds), after: median(news) };
      const least = LEAST_CHANGE + (figure.by === 'size' ? 0 : OTHERS_CHANGE * share);
      const told =
        figure.by === 'clock' && share > OTHERS_MAX ? 'machine busy' : tell(figure, shift, least);
      return [{ workers, figure: figure.name, ...medians, ...shift, least, told }];
    });
  });
}

/** Whether other programs took so much that figures by the clock tell of them as well. */
export const isBusy = (others: readonly number[]): boolean => shareOf(others) > OTHERS_MAX;

const shareOf = (others: readonly number[]): number => (others.length === 0 ? 0 : median(others));

function tell({ better }: Figure, { ratio, low, high }: Shift, least: number): Told {
  if (low === 0) return 'too few rounds';
  const isMore = low > 1 && ratio >= 1 + least;
  const isLess = high < 1 && ratio <= 1 / (1 + least);
  if (!isMore && !isLess) return 'within noise';
  return isMore === (better === 'more') ? 'better' : 'worse';
}
