import type { CodeTally, Outcome } from '../../model/outcome.js';
import { codeText, verdictOf } from '../../model/verdict.js';
import { count, shares } from '../quantity.js';
import { type Markup, html } from './markup.js';
import type { PageSection } from './section.js';
import { verdictMark } from './verdict-mark.js';
import { VERDICT_WORDS } from '../verdict-words.js';

/** How many packets got which verdict, and by which code. */
export function totalsSection({ byVerdict, byCode, totals }: Outcome): PageSection {
  const percent = shares(VERDICT_WORDS.map(({ verdict }) => byVerdict[verdict].packets));
  const rows = VERDICT_WORDS.map(({ verdict, label }, i) => {
    const { packets, bytes, flows } = byVerdict[verdict];
    const codes = byCode.filter(({ code }) => verdictOf(code) === verdict);
    return html`<tbody class="verdict ${verdict}${packets === 0 && ' none'}">
      <tr data-verdict="${verdict}">
        <th scope="row">${verdictMark(verdict)} ${label}</th>
        <td>${count(packets)}</td>
        <td class="share">${percent[i]}</td>
        <td class="wide">${count(bytes)}</td>
        <td>${count(flows)}</td>
      </tr>
      ${codes.map(codeRow)}
    </tbody>`;
  });
  const body = html`${bar(byVerdict)}
    <div class="scroll">
      <table class="figures totals">
        <thead>
          <tr>
            <th scope="col">verdict</th>
            <th scope="col">packets</th>
            <th scope="col" class="share">share</th>
            <th scope="col" class="wide">bytes</th>
            <th scope="col">flows</th>
          </tr>
        </thead>
        ${rows}
        <tfoot>
          <tr data-verdict="sum">
            <th scope="row">sum</th>
            <td>${count(totals.packets)}</td>
            <td class="share">${totals.packets === 0 ? '0.0 %' : '100.0 %'}</td>
            <td class="wide">${count(totals.bytes)}</td>
            <td>${count(totals.flows)}</td>
          </tr>
        </tfoot>
      </table>
    </div>`;
  return { id: 'verdicts', title: 'Verdicts', body };
}

function codeRow({ code, packets, bytes, flows }: CodeTally): Markup {
  return html`<tr class="code" data-code="${code}">
    <th scope="row">
      <div><code>${code}</code> <span>${codeText(code)}</span></div>
    </th>
    <td>${count(packets)}</td>
    <td class="share"></td>
    <td class="wide">${count(bytes)}</td>
    <td>${count(flows)}</td>
  </tr>`;
}

/** Shares as a bar. What is little is seen all the same. */
function bar(byVerdict: Outcome['byVerdict']): Markup {
  const parts = VERDICT_WORDS.filter(({ verdict }) => byVerdict[verdict].packets > 0);
  if (parts.length === 0) return html``;
  const sum = parts.reduce((all, { verdict }) => all + byVerdict[verdict].packets, 0);
  let at = 0;
  const rects = parts.map(({ verdict }) => {
    const width = Math.max((byVerdict[verdict].packets / sum) * 1000, 3);
    const x = at;
    at += width;
    return html`<rect
      class="${verdict}"
      x="${x.toFixed(2)}"
      width="${width.toFixed(2)}"
      height="10"
    />`;
  });
  return html`<svg
    class="bar"
    viewBox="0 0 ${at.toFixed(2)} 10"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    ${rects}
  </svg>`;
}
