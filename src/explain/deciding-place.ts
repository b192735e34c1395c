import type { DecidingPlace } from '../model/explanation.js';
import type { FrameVerdict } from '../model/verdict.js';
import { decidingAnswer } from './deciding-answer.js';
import type { Heard } from './steps.js';

/** The interface that a verdict is from; undefined when none was asked. */
export function decidingPlace(
  { at }: Pick<FrameVerdict, 'at'>,
  { holders }: Heard,
): DecidingPlace | undefined {
  const answer = decidingAnswer(at);
  if (answer === undefined) return undefined;
  const { eni, direction } = answer;
  const both = holders?.sender !== undefined && holders.receiver !== undefined;
  const holder = direction === 'egress' ? holders?.sender : holders?.receiver;
  const name = holder?.eni.name;
  return {
    ...{ eni, direction },
    ...(name === undefined ? {} : { name }),
    filter: both && direction === 'ingress' ? 2 : 1,
    filters: both ? 2 : 1,
  };
}
