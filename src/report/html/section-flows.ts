import { formatAddress } from '../../model/address.js';
import type { Flow, UnlistedFlows } from '../../model/flow.js';
import { instant } from '../../model/instant-text.js';
import { endText, protocolText } from '../packet-text.js';
import { bytes, count, counted } from '../quantity.js';
import { type FlowNames, flowColumns } from './flow-columns.js';
import type { PickedFlows } from './flow-pick.js';
import { type Markup, html, jsonBlock } from './markup.js';
import type { PageSection } from './section.js';
import { type Mark, verdictMark } from './verdict-mark.js';

/** Rows on paper, and where no script runs. */
const PRINTED_MAX = 50;

/** Every flow: a table that the page's script searches, sorts and scrolls, and its first rows for paper. */
export function flowsSection(
  { shown, leftOut }: PickedFlows,
  unlisted: UnlistedFlows,
  names: FlowNames,
): PageSection {
  const nameless = [...unlisted.nameless.values()].reduce((sum, { packets }) => sum + packets, 0);
  const body = html`<p class="lead">
      ${count(shown.length)} ${shown.length === 1 ? 'entry' : 'entries'}: packets that share two
      ends, ports and a protocol, under the verdict of the first.
      ${leftOut.entries > 0 && leftOutText(leftOut)}
      ${nameless > 0 && `${counted(nameless, 'packet')} of no flow (not IP, or not understood) are in the sums above alone.`}
    </p>
    ${shown.length > 0 && html`<div class="flows needs-script" id="flow-table"></div>`}
    ${printed(shown)}
    <script type="application/json" id="flow-data">
      ${jsonBlock(flowColumns(shown, names))}
    </script>`;
  return { id: 'flows', title: 'Flows', count: count(shown.length), body };
}

function leftOutText({ entries, packets, dropped }: PickedFlows['leftOut']): string {
  return (
    `Left out are ${count(entries)} more with fewer drops and packets: ` +
    `${counted(packets, 'packet')}, ${count(dropped)} of them dropped.`
  );
}

function printed(flows: readonly Flow[]): Markup {
  if (flows.length === 0) return html``;
  const first = flows.slice(0, PRINTED_MAX);
  return html`<div class="printed">
    <table class="figures">
      <caption>
        ${first.length < flows.length ? `The first ${count(first.length)} of ${count(flows.length)} flows` : 'All flows'}
      </caption>
      <thead>
        <tr>
          <th scope="col">flow</th>
          <th scope="col">began</th>
          <th scope="col">packets</th>
          <th scope="col">dropped</th>
          <th scope="col">bytes</th>
        </tr>
      </thead>
      <tbody>
        ${first.map(printedRow)}
      </tbody>
    </table>
  </div>`;
}

/** What became of a flow's packets, all of them. */
function markOf({ byVerdict: { allow, drop }, verdict }: Flow): Mark {
  if (allow.packets > 0 && drop.packets > 0) return 'mixed';
  if (allow.packets > 0) return 'allow';
  return drop.packets > 0 ? 'drop' : verdict;
}

function printedRow(flow: Flow): Markup {
  const { source, destination, sourcePort, destinationPort, protocol, original, reply } = flow;
  const from = endText(source, sourcePort, formatAddress);
  const to = endText(destination, destinationPort, formatAddress);
  return html`<tr>
    <th scope="row">
      ${verdictMark(markOf(flow))} ${from} to ${to} ${protocolText(protocol)}
      <code>${flow.code}</code>
    </th>
    <td>${instant(flow.firstTimeNs)}</td>
    <td>${count(original.packets + reply.packets)}</td>
    <td>${count(flow.byVerdict.drop.packets)}</td>
    <td>${bytes(original.bytes + reply.bytes)}</td>
  </tr>`;
}
