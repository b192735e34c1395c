import { instant } from '../../model/instant-text.js';
import type { TimeSeries } from '../../model/time-series.js';
import { count, duration } from '../quantity.js';
import { html, jsonBlock } from './markup.js';
import type { PageSection } from './section.js';
import { VERDICT_WORDS } from '../verdict-words.js';

/** Packets over time: a plot that the page's script draws, and the same as a table. */
export function timeSection(series: TimeSeries, eventsNs: readonly bigint[]): PageSection {
  const { startNs, widthNs, packets } = series;
  const times = packets.allow.map((_, i) => startNs + BigInt(i) * widthNs);
  const filled = times.flatMap((from, i) => {
    const counts = VERDICT_WORDS.map(({ verdict }) => packets[verdict][i]!);
    return counts.some((each) => each > 0) ? [{ from, counts }] : [];
  });
  const width = duration(widthNs);
  const body = html`<p class="lead needs-script">
      Allowed and dropped packets, each plot with a scale of its own. Point at a moment, or step
      with the arrow keys.${eventsNs.length > 0 && ' Dashed lines are events.'}
    </p>
    <div
      class="plots needs-script"
      id="plots"
      tabindex="0"
      role="slider"
      aria-label="moment of the capture"
    ></div>
    <p class="readout needs-script" id="plot-readout" aria-hidden="true"></p>
    <details class="table-instead">
      <summary>As a table, by ${width}</summary>
      <div class="scroll tall" tabindex="0" role="region" aria-label="packets over time">
        <table class="figures over-time">
          <thead>
            <tr>
              <th scope="col">from</th>
              ${VERDICT_WORDS.map(({ label }) => html`<th scope="col">${label}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${filled.map(
              ({ from, counts }) =>
                html`<tr>
                  <th scope="row">${instant(from)}</th>
                  ${counts.map((each) => html`<td>${count(each)}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
    <script type="application/json" id="time-data">
      ${jsonBlock({
        startNs: String(startNs),
        widthNs: String(widthNs),
        allowed: packets.allow,
        dropped: packets.drop,
        eventsNs: eventsNs.map(String),
      })}
    </script>`;
  return { id: 'time', title: 'Over time', body };
}
