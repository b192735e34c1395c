import { type ReadExpectations, readExpectations } from '../documents/expectations.js';
import { listErrors } from '../documents/faults.js';
import { readDocuments } from '../documents/files.js';
import { createSources } from '../documents/sources.js';
import { caseWorldOf } from '../explain/case-world.js';
import { createStatementCheck } from '../explain/capture-statements.js';
import { planTest } from '../explain/expectations.js';
import { checkFilter } from '../filter/compile.js';
import { type Diagnostic, InputError, inputError } from '../model/diagnostic.js';
import type { Evidence } from '../model/evidence.js';
import type { CaptureStatement } from '../model/expectation.js';
import type { Outcome } from '../model/outcome.js';
import type { TestFormat, TestReport, TestResult } from '../model/test-report.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { Timeline } from '../policy/timeline.js';
import { createCaseRecorder } from '../replay/case-recorder.js';
import { createFlowTable } from '../replay/flow-table.js';
import { replay } from '../replay/replay.js';
import { testGithub } from '../report/test-github.js';
import { testJson } from '../report/test-json.js';
import { testJunit } from '../report/test-junit.js';
import { testSarif } from '../report/test-sarif.js';
import { testTap } from '../report/test-tap.js';
import { testText } from '../report/test-text.js';
import { type CaptureArguments, readingOf } from './capture-options.js';
import { wantsColor } from './console.js';
import { endingEarly } from './ending.js';
import { type LoadedTimeline, type VpcArguments, loadTimeline } from './load-timeline.js';
import { openCaptures, reportPartly, totalSize } from './open-captures.js';
import { writeTo } from './output.js';
import { createProgress } from './progress.js';
import { version } from './version.js';

interface TestArguments extends VpcArguments {
  /** As the user named it. */
  readonly file: string;
  readonly format: TestFormat;
  readonly capture?: CaptureArguments;
  readonly workers: number;
  readonly tracking: TrackingOptions;
}

/** Runs `sgsim test`; returns the exit code. Throws InputError. */
export async function runTest(args: TestArguments): Promise<number> {
  const { file, capture, tracking } = args;
  if (capture !== undefined) checkFilter(capture.filter);
  const read = readFile(file);
  const { timelineFrom, interfaces, documents } = await loadVpc(args, read);
  const sourceOf = createSources(documents);
  const worldFrom = (firstTimeNs: bigint) => ({
    timeline: timelineFrom(firstTimeNs),
    ...{ tracking, sourceOf },
  });
  const { test, faults } = planTest(worldFrom(0n), read.expectations);
  const errors = [...listErrors(read.faults), ...faults, ...captureFaults(args, test.statements)];
  if (errors.length > 0) throw new InputError(inOrder(errors));
  const finish = async (results: readonly TestResult[], run: Run): Promise<number> => {
    const report: TestReport = { file, results: test.results(results) };
    await writeTo(process.stdout, render(report, args.format));
    const partly = reportPartly(run, 'what is said of captures');
    const isWhole = run.interrupted !== true;
    return isWhole && report.results.some(({ status }) => status === 'fails') ? 1 : partly;
  };
  if (capture === undefined) return finish([], { captures: [] });
  const sources = await openCaptures(capture.captures, interfaces);
  const { statements } = test;
  return checkCapture(args, sources, { capture, worldFrom, statements, finish });
}

type Run = Pick<Outcome, 'captures' | 'interrupted'>;

function readFile(path: string): ReadExpectations {
  const [document, ...others] = readDocuments([path]);
  if (document !== undefined && others.length === 0) return readExpectations(document);
  throw inputError('usage', path, 'holds more than one document', 'name one file of expectations');
}

/** What is wrong with the VPC is told together with what is wrong with the expectations. */
async function loadVpc(args: VpcArguments, { faults }: ReadExpectations): Promise<LoadedTimeline> {
  try {
    return await loadTimeline(args);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError([...listErrors(faults), ...error.diagnostics]);
  }
}

function captureFaults(
  { capture }: TestArguments,
  [first]: readonly CaptureStatement[],
): readonly Diagnostic[] {
  if ((capture === undefined) === (first === undefined)) return [];
  if (first !== undefined) {
    const fact = 'it is about a capture, and there is none';
    return inputError('usage', first.place.text, fact, 'name it: -r FILE').diagnostics;
  }
  const fact = 'no expectation is about a capture';
  return inputError('usage', '-r', fact, 'leave it out, or write what must hold under capture:')
    .diagnostics;
}

/** By line: form and names are looked at one after the other. */
function inOrder(errors: readonly Diagnostic[]): readonly Diagnostic[] {
  const lineOf = ({ place }: Diagnostic): number =>
    Number(/:(\d+):\d+(?:: |$)/.exec(place)?.[1] ?? Infinity);
  return errors.toSorted((one, other) => lineOf(one) - lineOf(other));
}

/** Flows that are told apart at a time: some 48 MB. */
const FLOWS_MAX = 1 << 18;

type World = Parameters<typeof createStatementCheck>[0];

const isDrop = ({ verdict: { verdict } }: Evidence): boolean => verdict === 'drop';

interface CaptureCheck {
  readonly capture: CaptureArguments;
  readonly statements: readonly CaptureStatement[];
  readonly worldFrom: (firstTimeNs: bigint) => World;
  /** Tells the results; gives the exit code. */
  readonly finish: (results: readonly TestResult[], run: Run) => Promise<number>;
}

async function checkCapture(
  { workers, tracking }: TestArguments,
  sources: Awaited<ReturnType<typeof openCaptures>>,
  { capture, statements, worldFrom, finish }: CaptureCheck,
): Promise<number> {
  const progress = createProgress(totalSize(sources));
  let check: ReturnType<typeof createStatementCheck> | undefined;
  const table = createFlowTable({
    flowsMax: FLOWS_MAX,
    onRetired: (flows) => check!.note(flows),
  });
  let timeline: Timeline | undefined;
  const recorder = createCaseRecorder({}, () => caseWorldOf(timeline!));
  const begin = (firstTimeNs: bigint): Timeline => {
    const world = worldFrom(firstTimeNs);
    check = createStatementCheck(world, statements);
    return (timeline = world.timeline);
  };
  return endingEarly(
    () => progress.clear(),
    async (signal) => {
      try {
        const outcome = await replay(begin, sources, {
          tracking,
          ...readingOf(capture),
          workers,
          signal,
          dropGroups: 0,
          observers: [table],
          // What was remembered tells why a packet was dropped.
          ...(statements.some(({ claim }) => claim === 'no-drops') ? { recorder } : {}),
          onProgress: (now) => progress.show(now),
        });
        check!.note(table.flows());
        const drops = recorder.findings().docket.packets.filter(isDrop);
        progress.clear();
        return await finish(check!.results(drops), outcome);
      } finally {
        progress.clear();
        for (const source of sources) source.close();
      }
    },
  );
}

function render(report: TestReport, format: TestFormat): string {
  switch (format) {
    case 'text':
      return testText(report, { color: wantsColor(process.stdout) });
    case 'tap':
      return testTap(report);
    case 'junit':
      return testJunit(report);
    case 'sarif':
      return testSarif(report, version());
    case 'github':
      return testGithub(report);
    case 'json':
      return testJson(report);
  }
}
