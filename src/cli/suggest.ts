import { checkFilter } from '../filter/compile.js';
import { groupEntryOf } from '../documents/write-group.js';
import { writeShortGroups } from '../documents/write-short.js';
import { writeTerraform } from '../documents/write-terraform.js';
import { inputError } from '../model/diagnostic.js';
import type { SecurityGroup } from '../model/security-group.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { PrefixWidths } from '../policy/suggest-peers.js';
import { replay } from '../replay/replay.js';
import { suggest } from '../replay/suggestion.js';
import { suggestionText } from '../report/suggestion-text.js';
import { type CaptureArguments, readingOf } from './capture-options.js';
import { endingEarly } from './ending.js';
import { type VpcArguments, loadTimeline } from './load-timeline.js';
import { openCaptures, reportPartly, totalSize } from './open-captures.js';
import { openOutput, writeTo } from './output.js';
import { createProgress } from './progress.js';

interface SuggestArguments extends CaptureArguments, VpcArguments {
  readonly widths: PrefixWidths;
  readonly format: 'describe' | 'yaml' | 'terraform';
  /** Name of the file; `-` is standard output. */
  readonly output: string;
  readonly workers: number;
  readonly tracking: TrackingOptions;
}

/** Runs `sgsim suggest`; returns the exit code. Throws InputError. */
export async function runSuggest(args: SuggestArguments): Promise<number> {
  checkFilter(args.filter);
  if (args.captures.some((name) => name === '-' || name.startsWith('-@'))) {
    const fact = 'standard input cannot be read twice, and rules are proved by a second replay';
    throw inputError('usage', '-r', fact, 'write it to a file first');
  }
  const { timelineFrom, interfaces } = await loadTimeline(args);
  const output = openOutput(args.output);
  const discard = (): void => output.discard();
  return endingEarly(discard, async (signal) => {
    try {
      const found = await suggest(timelineFrom, args.widths, async (begin, observer) => {
        const sources = await openCaptures(args.captures, interfaces);
        const progress = createProgress(totalSize(sources));
        try {
          return await replay(begin, sources, {
            tracking: args.tracking,
            observers: [observer],
            ...readingOf(args),
            workers: args.workers,
            signal,
            onProgress: (now) => progress.show(now),
          });
        } finally {
          progress.clear();
          for (const source of sources) source.close();
        }
      });
      const { outcome, description } = found;
      if (outcome.interrupted === true) {
        discard();
        return reportPartly(outcome, 'nothing is suggested: it');
      }
      await output.write(written(description.groups, args.format));
      await output.finish();
      const before = timelineFrom(0n).phases[0]!.description;
      await writeTo(
        process.stderr,
        suggestionText({ ...found, before: before.groups, after: description.groups }),
      );
      const partly = reportPartly(outcome, 'the suggestion');
      return found.newlyDropped > 0 ? 1 : partly;
    } catch (error) {
      discard();
      throw error;
    }
  });
}

function written(groups: readonly SecurityGroup[], format: SuggestArguments['format']): string {
  switch (format) {
    case 'describe':
      return `${JSON.stringify({ SecurityGroups: groups.map(groupEntryOf) }, null, 4)}\n`;
    case 'yaml':
      return writeShortGroups(groups);
    case 'terraform':
      return writeTerraform(groups);
  }
}
