import type { Answers } from '../../model/answers.js';
import { count, counted } from '../quantity.js';
import { answerMarkup } from './answer.js';
import { html } from './markup.js';
import type { PageSection } from './section.js';

/** Why packets were dropped: the answers of `sgsim why`, largest first. */
export function causesSection({ shown, total }: Answers): PageSection {
  const packets = shown.reduce(
    (sum, { explanation }) => sum + (explanation.share?.packets ?? 0),
    0,
  );
  const rest = total.answers - shown.length;
  const body =
    total.answers === 0
      ? html`<p class="lead">Nothing was dropped.</p>`
      : html`<p class="lead">
            ${count(total.answers)} ${total.answers === 1 ? 'cause' : 'causes'}, the largest first.
            Each opens to the whole answer: what was asked, which rules come near, and the smallest
            change that would let the packets pass.
          </p>
          <div class="answers">${shown.map(({ explanation }) => answerMarkup(explanation))}</div>
          ${
            rest > 0 &&
            html`<p class="aside">
              Not shown: ${counted(rest, 'more cause')},
              ${counted((total.packets ?? packets) - packets, 'packet')}.
            </p>`
          }`;
  return { id: 'causes', title: 'Why packets were dropped', count: count(total.answers), body };
}
