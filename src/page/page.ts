// What runs in the page of `--html`. The page tells all it has without; this adds plots, the table of flows and comfort.
import type { FlowColumns } from '../report/html/flow-columns.js';
import type { TimeData } from './bins.js';
import { addCopyButtons } from './copy-buttons.js';
import { dataOf } from './element.js';
import { showFlows } from './flow-grid.js';
import { drawPlots } from './plots.js';
import { followTheme } from './theme.js';
import { filterRules } from './unused-rules.js';

document.documentElement.classList.add('scripted');
const time = dataOf('time-data');
const redraw = time === undefined ? undefined : drawPlots(time as TimeData);
followTheme(() => redraw?.());
const flows = dataOf('flow-data');
if (flows !== undefined && document.getElementById('flow-table') !== null) {
  showFlows(flows as FlowColumns);
}
filterRules();
addCopyButtons();
