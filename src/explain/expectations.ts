import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { CaptureStatement, Expectation } from '../model/expectation.js';
import type { TestResult } from '../model/test-report.js';
import { checkNames } from './capture-statements.js';
import { type PlannedFlow, planFlows } from './expected-flows.js';
import type { ExplainedWorld } from './world.js';

/** Expectations whose names are all known. */
export interface PlannedTest {
  readonly statements: readonly CaptureStatement[];
  /** Results in the order of the expectations; `ofStatements` are those of the statements, in their order. */
  readonly results: (ofStatements: readonly TestResult[]) => readonly TestResult[];
}

/** Finds out whom expectations are about, or every fault of theirs, at its place. */
export function planTest(
  world: ExplainedWorld,
  expectations: readonly Expectation[],
): { readonly test: PlannedTest; readonly faults: readonly Diagnostic[] } {
  const faults: Diagnostic[] = [];
  const { plan, check } = planFlows(world);
  const planned = new Map<Expectation, PlannedFlow>();
  for (const expectation of expectations) {
    try {
      if (expectation.kind === 'flow') planned.set(expectation, plan(expectation));
      else checkNames(world, expectation);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const place = expectation.place.text;
      faults.push(...error.diagnostics.map((diagnostic) => ({ ...diagnostic, place })));
    }
  }
  const statements = expectations.filter((each) => each.kind === 'capture');
  const results = (ofStatements: readonly TestResult[]): readonly TestResult[] => {
    const left = [...ofStatements];
    return expectations.map((expectation) =>
      expectation.kind === 'flow' ? check(planned.get(expectation)!) : left.shift()!,
    );
  };
  return { test: { statements, results }, faults };
}
