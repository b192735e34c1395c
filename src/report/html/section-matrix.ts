import { count, counted } from '../quantity.js';
import { type Markup, html } from './markup.js';
import { type Matrix, type MatrixCell, type MatrixEnd, sumCells } from './matrix.js';
import type { PageSection } from './section.js';
import { verdictMark } from './verdict-mark.js';

/** More columns than these are set in small type on paper. */
const NARROW_MAX = 8;

/** Who talks to whom: a row for each end that began flows, a column for each that was addressed. */
export function matrixSection(matrix: Matrix): PageSection {
  const { from, to, cells, together, sum } = matrix;
  const most = Math.max(1, ...cells.flat().map(({ allowed, dropped }) => allowed + dropped));
  const body =
    from.length === 0
      ? html`<p class="lead">No packet was allowed or dropped.</p>`
      : html`<p class="lead">
            Packets by who began the flow (rows) and with whom (columns), both ways.
            ${verdictMark('allow')} allowed, ${verdictMark('drop')} dropped.
          </p>
          <div class="scroll" tabindex="0" role="region" aria-label="who talks to whom">
            <table class="matrix${to.length > NARROW_MAX && ' many'}">
              <thead>
                <tr>
                  <td></td>
                  ${to.map((end) => html`<th scope="col">${endMarkup(end)}</th>`)}
                  <th scope="col" class="sum">sum</th>
                </tr>
              </thead>
              <tbody>
                ${from.map(
                  (end, row) =>
                    html`<tr>
                      <th scope="row">${endMarkup(end)}</th>
                      ${cells[row]!.map((cell) => cellMarkup(cell, most))}
                      ${cellMarkup(sumCells(cells[row]!), undefined)}
                    </tr>`,
                )}
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row">sum</th>
                  ${to.map((_, column) => cellMarkup(sumCells(cells.map((row) => row[column]!)), undefined))}
                  ${cellMarkup(sum, undefined)}
                </tr>
              </tfoot>
            </table>
          </div>
          ${
            together > 0 &&
            html`<p class="aside">
              ${counted(together, 'interface')} with fewer packets are put together as “other
              interfaces”.
            </p>`
          }`;
  return { id: 'matrix', title: 'Who talks to whom', body };
}

function endMarkup({ label, detail }: MatrixEnd): Markup {
  return html`<span class="end" title="${detail === '' ? label : `${label}: ${detail}`}"
    >${label}</span
  >`;
}

/** `most`: packets of the fullest cell, which is shaded the most; sums are not shaded. */
function cellMarkup({ flows, allowed, dropped }: MatrixCell, most: number | undefined): Markup {
  if (allowed + dropped === 0)
    return html`<td class="empty${most === undefined && ' sum'}">
      <span aria-label="none">·</span>
    </td>`;
  const shade =
    most === undefined ? 'sum' : `shade-${Math.ceil(Math.sqrt((allowed + dropped) / most) * 4)}`;
  const side = dropped > allowed ? 'mostly-drop' : 'mostly-allow';
  return html`<td class="${shade} ${side}" title="${counted(flows, 'flow')}">
    ${allowed > 0 && html`<span class="n allow">${verdictMark('allow')}<span class="said">allowed </span>${count(allowed)}</span>`}
    ${dropped > 0 && html`<span class="n drop">${verdictMark('drop')}<span class="said">dropped </span>${count(dropped)}</span>`}
  </td>`;
}
