import { availableParallelism, constants } from 'node:os';
import { type CaptureSource, openCapture } from '../capture/source.js';
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
import { replay } from '../replay/replay.js';
import { renderJson } from '../report/json.js';
import { renderText } from '../report/text.js';
import { verdictLine } from '../report/verdict-line.js';
import { type CaptureArguments, selectionOf } from './capture-options.js';
import { printDiagnostics, wantsColor } from './console.js';
import { type Output, openOutput, writeTo } from './output.js';
import { createProgress } from './progress.js';

interface ReplayArguments extends CaptureArguments {
  readonly vpc: readonly string[];
  readonly vpcId: string | undefined;
  readonly events: string | undefined;
  readonly json: boolean;
  readonly top: number;
  readonly verdicts: string | undefined;
  readonly workers: number | undefined;
  readonly tracking: TrackingOptions;
}

/** What ends a run early without ending it badly: nothing half-written may stay. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs `sgsim replay`; returns the exit code. Throws InputError. */
export async function runReplay(args: ReplayArguments): Promise<number> {
  checkFilter(args.filter);
  const timelineFrom = loadTimeline(args);
  const sources = openCaptures(args.captures);
  const verdicts = args.verdicts === undefined ? undefined : openOutput(args.verdicts);
  const leave = (signal: NodeJS.Signals): void => {
    verdicts?.discard();
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of ENDING) process.once(signal, leave);
  const progress = createProgress(totalSize(sources));
  try {
    const outcome = await replay(timelineFrom, sources, {
      tracking: args.tracking,
      ...selectionOf(args),
      workers: args.workers ?? availableParallelism(),
      onProgress: (now) => progress.show(now),
      ...(verdicts === undefined ? {} : { onVerdicts: (lines) => writeVerdicts(verdicts, lines) }),
    });
    await verdicts?.finish();
    progress.clear();
    await printOutcome(outcome, args);
    return reportDamage(outcome);
  } catch (error) {
    progress.clear();
    verdicts?.discard();
    throw error;
  } finally {
    for (const signal of ENDING) process.off(signal, leave);
    for (const source of sources) source.close();
  }
}

/** Throws InputError; then none stays open. */
function openCaptures(names: readonly string[]): CaptureSource[] {
  if (names.filter((name) => name === '-' || name.startsWith('-@')).length > 1) {
    throw inputError('usage', '-r', 'standard input is named twice', 'name it once');
  }
  const sources: CaptureSource[] = [];
  try {
    for (const name of names) sources.push(openCapture(name));
    return sources;
  } catch (error) {
    for (const source of sources) source.close();
    throw error;
  }
}

/** Undefined when one of them is a pipe. */
function totalSize(sources: readonly CaptureSource[]): number | undefined {
  return sources.reduce<number | undefined>(
    (sum, { size }) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
}

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

/** Lines are gathered before they are written: a call each would cost more than judging. */
const BLOCK = 1 << 16;

async function writeVerdicts(
  output: Output,
  verdicts: Iterable<Parameters<typeof verdictLine>[0]>,
): Promise<void> {
  let block = '';
  for (const verdict of verdicts) {
    block += `${verdictLine(verdict)}\n`;
    if (block.length >= BLOCK) {
      await output.write(block);
      block = '';
    }
  }
  await output.write(block);
}

/** The report goes to standard output, unless verdicts go there. */
async function printOutcome(outcome: Outcome, args: ReplayArguments): Promise<void> {
  const stream = args.verdicts === '-' ? process.stderr : process.stdout;
  const text = args.json
    ? renderJson(outcome, { top: args.top })
    : renderText(outcome, { color: wantsColor(stream), top: args.top });
  await writeTo(stream, text);
}

function reportDamage(outcome: Outcome): number {
  const damaged = outcome.captures.flatMap(({ name, stopped }) =>
    stopped === undefined ? [] : [{ name, ...stopped }],
  );
  printDiagnostics(
    damaged.map(({ name, frame, fact }) => ({
      severity: 'error',
      code: 'capture-cut',
      place: `${name}: frame ${frame}`,
      fact,
      fix: 'the report covers the frames before it',
    })),
  );
  return damaged.length > 0 ? 3 : 0;
}
