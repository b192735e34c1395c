import type { RuleTally } from '../../model/tally.js';
import { sumFlowTallies } from '../cut.js';
import { bytes, count, counted } from '../quantity.js';
import { type Markup, html } from './markup.js';
import type { PageSection } from './section.js';

/** Longest table of rules; what is beyond is summed. */
const RULES_MAX = 1000;

/** Rules by use, the most packets first; those that were never used are marked. */
export function rulesSection(rules: readonly RuleTally[]): PageSection {
  const shown = rules.slice(0, RULES_MAX);
  const rest = rules.slice(RULES_MAX);
  const unused = rules.filter(isUnused).length;
  const most = Math.max(1, rules[0]?.packets ?? 1);
  const lead =
    unused === 0
      ? `${counted(rules.length, 'rule')}, all of them used.`
      : `${counted(rules.length, 'rule')}, of which ${count(unused)} allowed nothing in this capture.`;
  const body =
    rules.length === 0
      ? html`<p class="lead">No interface has a rule.</p>`
      : html`<p class="lead">${lead}</p>
          ${
            unused > 0 &&
            unused < rules.length &&
            html`<p class="controls needs-script">
              <label><input type="checkbox" id="unused-only" /> never used only</label>
            </p>`
          }
          <div class="scroll tall" tabindex="0" role="region" aria-label="rules by use">
            <table class="figures by-rule" id="rules-table">
              <thead>
                <tr>
                  <th scope="col">rule</th>
                  <th scope="col">packets</th>
                  <th scope="col">flows</th>
                  <th scope="col" class="wide">bytes</th>
                </tr>
              </thead>
              <tbody>
                ${shown.map((rule) => row(rule, most))}
              </tbody>
            </table>
          </div>
          ${rest.length > 0 && html`<p class="aside">${restText(rest)}</p>`}`;
  return { id: 'rules', title: 'Rules by use', count: count(rules.length), body };
}

const isUnused = ({ packets }: RuleTally): boolean => packets === 0;

function row(tally: RuleTally, most: number): Markup {
  const { rule, groupId, direction, text, packets, flows } = tally;
  const unused = isUnused(tally);
  return html`<tr class="${unused && 'unused'}">
    <th scope="row">
      <span class="mono">${text}</span>${unused && html` <em class="never">never used</em>`}
      <span class="source"
        >${rule.startsWith(`${groupId}:`) ? rule : `${rule} in ${groupId}, ${direction}`}</span
      >
    </th>
    <td>
      ${count(packets)}${packets > 0 && html`<svg class="meter" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true"><rect width="${Math.max(1, (packets / most) * 100).toFixed(1)}" height="3" /></svg>`}
    </td>
    <td>${count(flows)}</td>
    <td class="wide">${bytes(tally.bytes)}</td>
  </tr>`;
}

function restText(rest: readonly RuleTally[]): string {
  const sum = sumFlowTallies(rest);
  const unused = rest.filter(isUnused).length;
  return (
    `Not shown: ${counted(rest.length, 'more rule')}, ${counted(sum.packets, 'packet')}, ` +
    `${counted(sum.flows, 'flow')}; ${count(unused)} of them never used.`
  );
}
