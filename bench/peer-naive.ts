import { measuredRun } from './measured-run.js';
import { expectPackets, type Peer } from './peer.js';
import type { NaiveCounts } from './naive-loop.js';

/** What an evening in JavaScript gives: see naive-loop.ts. */
export const naive: Peer = {
  name: 'pcap-parser, ip-address',
  does: 'a loop over the rules and a Map of flows, in JavaScript',
  prepare({ beginning, beginningPackets, vpc }) {
    return {
      packets: beginningPackets,
      run: () => measuredRun([process.execPath, process.argv[1]!, 'naive', beginning, vpc]),
      check({ stdout }) {
        const { packets, allowed } = JSON.parse(stdout) as NaiveCounts;
        expectPackets('the naive loop', packets, beginningPackets);
        return `allows ${allowed} packets`;
      },
    };
  },
};
