import type { Evidence } from '../model/evidence.js';
import type { FrameVerdict, InterfaceVerdict } from '../model/verdict.js';
import type { ResolvedInterface, ResolvedPolicy } from '../policy/resolve.js';
import { waitsForFirst } from './reference-groups.js';
import type { Heard } from './steps.js';
import type { Telling } from './telling.js';

/**
 * CT-18: whether an early fragment has got the verdict of its first one, which came later and was asked about at the same
 * interfaces. `own`: what it gets when none comes.
 */
export function isCoveredLater(
  own: FrameVerdict,
  { packet: { content }, verdict }: Evidence,
  { asked }: Heard,
): boolean {
  if (content.kind !== 'ip' || !waitsForFirst(content.ip)) return false;
  const waits = asked.some(({ question, finding }) => question === 'fragment' && !finding);
  const isSame = verdict.at.length === own.at.length && verdict.at.every(isSameAs(own, answerText));
  return waits && !isSame && verdict.at.every(isSameAs(own, placeText));
}

/** What is told then: where the fragment waited, its first one decided. */
export function coveredLater({ verdict, memories }: Evidence, { holders, asked }: Heard): Heard {
  const [some] = asked;
  const tellings = verdict.at.flatMap(({ eni, direction, code, rule }, i): Telling[] => {
    const here = asked.filter((each) => each.at.eni.id === eni && each.direction === direction);
    const waiting = here.findIndex(({ question }) => question === 'fragment');
    if (here.length > 0 && waiting < 0) return here;
    const finding = { code, ...(rule === undefined ? {} : { rule }) };
    // Alone, the fragment may not have got as far as its first one, or told its receiver by a MAC address.
    const place = here[waiting] ?? {
      ...some!,
      ...{ at: interfaceWith(some!.policy, eni), direction, remembered: memories[i] },
    };
    const decided: Telling = { ...place, question: 'fragment', finding, isCoveredLater: true };
    return [...here.slice(0, Math.max(0, waiting)), decided];
  });
  return { ...(holders && { holders }), asked: tellings };
}

function interfaceWith({ interfaces }: ResolvedPolicy, id: string): ResolvedInterface {
  return interfaces.find(({ eni }) => eni.id === id)!;
}

const isSameAs =
  (own: FrameVerdict, text: (answer: InterfaceVerdict) => string) =>
  (answer: InterfaceVerdict, i: number): boolean => {
    const here = own.at[i];
    return here === undefined || text(here) === text(answer);
  };

const placeText = ({ eni, direction }: InterfaceVerdict): string => `${eni} ${direction}`;

const answerText = (answer: InterfaceVerdict): string =>
  `${placeText(answer)} ${answer.code} ${answer.rule ?? ''}`;
