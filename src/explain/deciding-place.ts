import type { DecidingPlace } from '../model/explanation.js';
import type { FrameVerdict } from '../model/verdict.js';
import type { ResolvedPolicy } from '../policy/resolve.js';
import { decidingAnswer } from './deciding-answer.js';
import type { Heard } from './steps.js';

/** The interface that a verdict is from; undefined when none was asked. */
export function decidingPlace(
  { interfaces }: ResolvedPolicy,
  { at }: Pick<FrameVerdict, 'at'>,
  { holders }: Heard,
): DecidingPlace | undefined {
  const answer = decidingAnswer(at);
  if (answer === undefined) return undefined;
  const { eni, direction } = answer;
  const name = interfaces.find((each) => each.eni.id === eni)?.eni.name;
  const hasBoth = holders?.sender !== undefined && holders.receiver !== undefined;
  return {
    ...{ eni, direction },
    ...(name === undefined ? {} : { name }),
    // The sender is asked first.
    filter: answer === at[0] ? 1 : 2,
    filters: hasBoth || at.length === 2 ? 2 : 1,
  };
}
