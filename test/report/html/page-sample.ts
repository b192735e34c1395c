import { readFileSync } from 'node:fs';
import { builtFile } from '../../../src/engine/built-file.js';
import type { Explanation } from '../../../src/model/explanation.js';
import type { Flow } from '../../../src/model/flow.js';
import type { Outcome } from '../../../src/model/outcome.js';
import type { TimeSeries } from '../../../src/model/time-series.js';
import { createFlowPick } from '../../../src/report/html/flow-pick.js';
import { replayPage } from '../../../src/report/html/page.js';
import { createPairs } from '../../../src/report/html/pairs.js';

export const ASSETS = {
  script: readFileSync(builtFile('page.js'), 'utf8'),
  style: readFileSync(builtFile('page.css'), 'utf8'),
};

export interface PageParts {
  readonly outcome: Outcome;
  readonly explanations?: readonly Explanation[];
  readonly flows?: readonly Flow[];
  /** Names of interfaces, and what rules say. */
  readonly word?: string;
  readonly series?: TimeSeries;
}

/** A page of parts that need not fit together. */
export function pageOf({
  outcome,
  explanations = [],
  flows = [],
  word,
  series,
}: PageParts): string {
  const pick = createFlowPick(Math.max(1, flows.length));
  const named = {
    kind: 'interface',
    eni: 'eni-a',
    ...(word !== undefined && { name: word }),
  } as const;
  const pairs = createPairs(({ protocol }) => [
    named,
    { kind: protocol === 6 ? 'vpc' : 'internet' },
  ]);
  for (const flow of flows) {
    pick.add(flow);
    pairs.add(flow);
  }
  const none = { packets: 0, bytes: 0 };
  const byVerdict = { allow: none, drop: none, 'not-filtered': none, 'not-judged': none };
  return replayPage(
    {
      outcome,
      series,
      answers: {
        shown: explanations.map((explanation) => ({ explanation })),
        total: { answers: explanations.length, packets: 0, flows: 0 },
      },
      pairs: pairs.pairs(),
      flows: pick.picked(),
      unlisted: { nameless: new Map(), beyond: { flows: 0, byVerdict } },
      names: {
        interfaceName: new Map(word === undefined ? [] : [['eni-a', word]]),
        rule: new Map(word === undefined ? [] : [['sgr-1', { groupId: word, text: word }]]),
      },
    },
    ASSETS,
  );
}
