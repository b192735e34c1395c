import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { measuredRun } from './measured-run.js';
import { expectPackets, isInstalled, numberIn, type Peer } from './peer.js';

// Programs that keep a table of flows, and know no rules.

/** nDPI's example program: what application each flow is. */
export const ndpiReader: Peer = {
  name: 'nDPI reader',
  does: 'flows and their applications',
  prepare({ beginning, beginningPackets }) {
    if (!isInstalled('ndpiReader')) return undefined;
    return {
      packets: beginningPackets,
      run: () => measuredRun(['ndpiReader', '-i', beginning]),
      check({ stdout }) {
        expectPackets('ndpiReader', numberIn(stdout, /IP packets: +(\d+)/), beginningPackets);
        return `${numberIn(stdout, /Unique flows: +(\d+)/)} flows`;
      },
    };
  },
};

/** Writes what it knows of each flow to a file. */
export const nfpcapd: Peer = {
  name: 'nfpcapd',
  does: 'flow records, to a file',
  prepare({ capture, packets, folder }) {
    if (!isInstalled('nfpcapd')) return undefined;
    const own = join(folder, 'nfpcapd');
    return {
      packets,
      run: () => {
        rmSync(own, { recursive: true, force: true });
        mkdirSync(own);
        return measuredRun(['nfpcapd', '-r', capture, '-w', own]);
      },
      check({ stdout, stderr }) {
        const text = stdout + stderr;
        expectPackets('nfpcapd', numberIn(text, /Total: Processed: (\d+)/), packets);
        return `${numberIn(text, /Flows: (\d+)/)} flow records`;
      },
    };
  },
};
