import type { InterfaceVerdict } from '../model/verdict.js';

/** CT-20: both ends must permit. An interface that does not filter leaves the word to the one that does. */
export function decidingAnswer(at: readonly InterfaceVerdict[]): InterfaceVerdict | undefined {
  return (
    at.find(({ verdict }) => verdict === 'drop' || verdict === 'not-judged') ??
    at.findLast(({ verdict }) => verdict === 'allow') ??
    at.at(-1)
  );
}
