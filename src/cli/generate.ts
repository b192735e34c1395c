import { createTrafficCheck } from '../generate/traffic-check.js';
import { createTraffic } from '../generate/traffic.js';
import { createTrafficSource } from '../generate/traffic-source.js';
import type { TrafficOptions } from '../generate/traffic-options.js';
import type { ExpectedTraffic, VerdictDifference } from '../model/expected-traffic.js';
import type { Outcome } from '../model/outcome.js';
import { DEFAULT_TRACKING } from '../model/tracking.js';
import type { Timeline } from '../policy/timeline.js';
import { replay } from '../replay/replay.js';
import { generatedJson, generatedText } from '../report/generated.js';
import { printDiagnostics } from './console.js';
import { endingCleanly } from './ending.js';
import { type VpcArguments, loadTimeline } from './load-timeline.js';
import { openOutput, writeTo } from './output.js';
import { createProgress } from './progress.js';

interface GenerateArguments extends VpcArguments {
  /** Of the file to write, `-` for standard output. */
  readonly name: string | undefined;
  readonly check: boolean;
  readonly json: boolean;
  readonly traffic: TrafficOptions;
}

/** Runs `sgsim generate`; returns the exit code: 1 when `--check` finds a difference. Throws InputError. */
export async function runGenerate(args: GenerateArguments): Promise<number> {
  const timeline = loadTimeline(args).timelineFrom(0n);
  const { name, traffic, json } = args;
  const written = name === undefined ? undefined : await writeCapture(timeline, traffic, name);
  const checked = args.check ? await checkTraffic(timeline, traffic) : undefined;
  const expected = written ?? checked!.expected;
  const summary = { expected, name, checked: checked !== undefined };
  const stream = name === '-' ? process.stderr : process.stdout;
  if (checked?.difference !== undefined) {
    printDiagnostics([diagnosticOf(checked.difference)]);
    return 1;
  }
  await writeTo(stream, json ? generatedJson(summary) : generatedText(summary));
  return 0;
}

const CHUNK_BYTES = 1 << 20;

async function writeCapture(
  timeline: Timeline,
  options: TrafficOptions,
  name: string,
): Promise<ExpectedTraffic> {
  const traffic = createTraffic(timeline.phases[0]!.policy, options);
  const output = openOutput(name);
  const progress = createProgress(undefined);
  return endingCleanly(
    () => output.discard(),
    async () => {
      try {
        let bytesRead = 0;
        for (;;) {
          // A stream may hold on to what it was given.
          const chunk = new Uint8Array(CHUNK_BYTES);
          const size = traffic.fill(chunk);
          if (size === 0) break;
          await output.write(chunk.subarray(0, size));
          bytesRead += size;
          progress.show({ bytesRead, packets: traffic.expected().packets });
        }
        await output.finish();
        return traffic.expected();
      } catch (error) {
        output.discard();
        throw error;
      } finally {
        progress.clear();
      }
    },
  );
}

interface Checked {
  readonly expected: ExpectedTraffic;
  readonly difference: Difference | undefined;
}

type Difference = VerdictDifference | { readonly totals: string };

/** Judges the traffic while it is generated, without a file. */
async function checkTraffic(timeline: Timeline, options: TrafficOptions): Promise<Checked> {
  const { policy } = timeline.phases[0]!;
  const source = createTrafficSource(policy, options);
  const check = createTrafficCheck(policy, options);
  const progress = createProgress(undefined);
  try {
    const outcome = await replay(() => timeline, [source], {
      tracking: DEFAULT_TRACKING,
      workers: 1,
      onVerdicts: (verdicts) => check.take(verdicts),
      onProgress: (now) => progress.show(now),
    });
    const expected = source.expected();
    return { expected, difference: check.finish() ?? differenceInFlows(outcome, expected) };
  } finally {
    progress.clear();
  }
}

function differenceInFlows(
  { byVerdict: { allow, drop } }: Outcome,
  { allowed, dropped }: ExpectedTraffic,
): Difference | undefined {
  if (allow.flows === allowed.flows && drop.flows === dropped.flows) return undefined;
  return {
    totals: `${allow.flows} flows are allowed and ${drop.flows} dropped, not ${allowed.flows} and ${dropped.flows}`,
  };
}

function diagnosticOf(difference: Difference) {
  const fix = 'tell the makers of sgsim, with the VPC and the options';
  const common = { severity: 'error', code: 'unexpected-verdict', fix } as const;
  if ('totals' in difference) return { ...common, place: '', fact: difference.totals };
  const { frame, flow, expected, found } = difference;
  const must = expected === 'drop' ? 'dropped' : 'allowed';
  return { ...common, place: `frame ${frame}`, fact: `${flow} must be ${must}, but is: ${found}` };
}
