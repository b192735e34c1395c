import { availableParallelism } from 'node:os';
import { checkAddresses } from '../documents/addresses.js';
import { readEvents } from '../documents/events.js';
import { readDocuments } from '../documents/files.js';
import { loadVpc } from '../documents/load.js';
import { checkFilter } from '../filter/compile.js';
import { InputError, inputError } from '../model/diagnostic.js';
import type { Outcome } from '../model/outcome.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { Timeline } from '../policy/timeline.js';
import { planTimeline } from '../replay/plan-timeline.js';
import { type ReplayOptions, replay } from '../replay/replay.js';
import { renderJson } from '../report/json.js';
import { renderText } from '../report/text.js';
import { verdictLine } from '../report/verdict-line.js';
import { type CaptureArguments, selectionOf } from './capture-options.js';
import { wantsColor } from './console.js';
import { endingCleanly } from './ending.js';
import { openCaptures, reportDamage, totalSize } from './open-captures.js';
import { type Output, writeLines, writeTo } from './output.js';
import { type WrittenCaptures, openOutputs, usesStdout } from './replay-outputs.js';
import { createProgress } from './progress.js';

interface ReplayArguments extends CaptureArguments {
  readonly vpc: readonly string[];
  readonly vpcId: string | undefined;
  readonly events: string | undefined;
  readonly json: boolean;
  readonly top: number;
  readonly verdicts: string | undefined;
  readonly written: WrittenCaptures;
  readonly workers: number | undefined;
  readonly tracking: TrackingOptions;
}

/** Runs `sgsim replay`; returns the exit code. Throws InputError. */
export async function runReplay(args: ReplayArguments): Promise<number> {
  checkFilter(args.filter);
  const timelineFrom = loadTimeline(args);
  const sources = await openCaptures(args.captures);
  const outputs = openOutputs(
    args,
    sources.map(({ name }) => name),
  );
  const progress = createProgress(totalSize(sources));
  const discard = (): void => outputs.all.forEach((output) => output.discard());
  return endingCleanly(discard, async () => {
    try {
      const outcome = await replay(timelineFrom, sources, {
        tracking: args.tracking,
        ...selectionOf(args),
        reader: args.reader,
        decoding: args.decoding,
        workers: args.workers ?? availableParallelism(),
        onProgress: (now) => progress.show(now),
        ...verdictLines(outputs.verdicts),
        sinks: outputs.sinks,
      });
      for (const output of outputs.all) await output.finish();
      progress.clear();
      await printOutcome(outcome, args);
      return reportDamage(outcome.captures, 'the report');
    } catch (error) {
      progress.clear();
      discard();
      throw error;
    } finally {
      for (const source of sources) source.close();
    }
  });
}

const verdictLines = (output: Output | undefined): Pick<ReplayOptions, 'onVerdicts'> =>
  output === undefined
    ? {}
    : { onVerdicts: (lines) => writeLines((text) => output.write(text), lines, verdictLine) };

/** Reads the VPC and the events; what they make together hangs on when the capture begins. Throws InputError. */
function loadTimeline(args: ReplayArguments): (firstTimeNs: bigint) => Timeline {
  const { vpc: paths, vpcId } = args;
  const { description, warnings } = loadVpc(readDocuments(paths));
  const interfaces = description.interfaces.filter(
    (eni) => vpcId === undefined || eni.vpcId === vpcId,
  );
  if (description.interfaces.length === 0) {
    throw inputError(
      'no-interfaces',
      paths.join(' '),
      'there are no network interfaces: no packet could be told to belong to one',
      'add the output of `aws ec2 describe-network-interfaces`',
    );
  }
  if (interfaces.length === 0) {
    const known = [...new Set(description.interfaces.map((eni) => eni.vpcId))].join(', ');
    const fact = `no interface is in ${vpcId ?? ''}`;
    throw inputError('vpc-id', '--vpc-id', fact, `name one of ${known}`);
  }
  const errors = checkAddresses({ ...description, interfaces });
  if (errors.length > 0) throw new InputError(errors);
  const events = args.events === undefined ? [] : readDocuments([args.events]).flatMap(readEvents);
  const seen = new Set(interfaces.map(({ id }) => id));
  return (firstTimeNs) => {
    const { phases, rules } = planTimeline(description, events, firstTimeNs);
    return {
      rules,
      phases: phases.map(({ policy, ...phase }, i) => ({
        ...phase,
        policy: {
          ...policy,
          // NI-5: packets are matched with the interfaces of one VPC; rules still refer to those of its peers.
          interfaces: policy.interfaces.filter(({ eni }) => seen.has(eni.id)),
          warnings: i === 0 ? [...warnings, ...policy.warnings] : policy.warnings,
        },
      })),
    };
  };
}

/** The report goes to standard output, unless something else goes there. */
async function printOutcome(outcome: Outcome, args: ReplayArguments): Promise<void> {
  const stream = usesStdout(args) ? process.stderr : process.stdout;
  const text = args.json
    ? renderJson(outcome, { top: args.top })
    : renderText(outcome, { color: wantsColor(stream), top: args.top });
  await writeTo(stream, text);
}
