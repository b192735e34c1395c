import type { CaptureEnd } from '../model/expectation.js';
import { type FlowEnd, type FlowQuestion, questionFault } from '../model/flow-question.js';
import { readCaptureEnd } from './capture-statement.js';
import { shown } from './faults.js';
import { fail, type Place } from './place.js';
import { readMembers } from './shape.js';
import { placed } from './written-place.js';

/** What names of the file's own stand for. They go before those of the VPC. */
export type OwnNames = ReadonlyMap<string, CaptureEnd>;

/** Reads `names`: a mapping to what may stand at an end of a statement. */
export function readOwnNames(value: unknown, place: Place): OwnNames {
  const names = new Map<string, CaptureEnd>();
  for (const { key, value: meant, place: at } of readMembers(value, place)) {
    if (typeof meant !== 'string') {
      const fix = 'write an id, a name, an address or a CIDR block';
      fail(at, 'wrong-type', `expected whom ${shown(key)} means, found ${shown(meant)}`, fix);
    } else if (key === 'internet' || key === 'any') {
      fail(at, 'expectation', `${key} has a meaning already`, 'choose another name');
    } else {
      const whole = { at: 0, length: meant.length };
      const end = placed(at, () => readCaptureEnd(meant, whole, 'source'));
      if (end !== undefined) names.set(key, end);
    }
  }
  return names;
}

/** The question with the file's own names replaced. Throws InputError for one that is no end of a flow. */
export function withOwnNames(question: FlowQuestion, names: OwnNames): FlowQuestion {
  const [source, destination] = [question.source, question.destination].map((end): FlowEnd => {
    const meant = meaningOf(end, names);
    if (meant.kind !== 'block') return meant;
    const fix = 'name one address of it: a packet has no more';
    throw questionFault(question.text, meant.span, 'it means a block of addresses', fix);
  }) as [FlowEnd, FlowEnd];
  return { ...question, source, destination };
}

/** What stands at an end, at the place where its name stands. */
export function meaningOf(end: CaptureEnd, names: OwnNames): CaptureEnd {
  const meant = end.kind === 'name' ? names.get(end.name) : undefined;
  return meant === undefined ? end : { ...meant, span: end.span };
}
