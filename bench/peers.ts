import { join } from 'node:path';
import { copyFirstPackets } from './first-packets.js';
import type { MeasuredRun } from './measured-run.js';
import type { Peer, PeerTask, PreparedPeer } from './peer.js';
import { ndpiReader, nfpcapd } from './peer-flows.js';
import { netfilter } from './peer-netfilter.js';
import { naive } from './peer-naive.js';
import { suricata } from './peer-suricata.js';
import { tcpdumpAllRules, tcpdumpByGroup } from './peer-tcpdump.js';
import { type BenchInput, policyOf, runSgsim } from './sgsim-run.js';
import { spread } from './spread.js';

const PEERS: readonly Peer[] = [
  tcpdumpByGroup,
  tcpdumpAllRules,
  suricata,
  nfpcapd,
  ndpiReader,
  netfilter,
  naive,
];

/** What peers get that would take half a minute and more over five million packets. */
const BEGINNING = 500_000;

interface Contender {
  readonly peer: Peer;
  readonly prepared: PreparedPeer;
  readonly runs: MeasuredRun[];
}

/**
 * Prints sgsim beside every peer that is installed: whole programs on one capture, in turn, and for each round how many
 * times as many packets sgsim takes for the same processor time. The rates of peers that read only the beginning of the capture are those
 * of the beginning.
 */
export function benchPeers(input: BenchInput, rounds: number, folder: string): void {
  const { capture, vpc } = input;
  const beginning = join(folder, 'beginning.pcap');
  const few = join(folder, 'few.pcap');
  const beginningPackets = copyFirstPackets(capture, beginning, BEGINNING);
  copyFirstPackets(capture, few, 100);
  const policy = policyOf(vpc);
  const packets = packetsIn(runSgsim(capture, vpc));
  const task: PeerTask = { ...input, packets, beginning, beginningPackets, policy, folder };
  const contenders = PEERS.flatMap((peer): Contender[] => {
    const prepared = peer.prepare(task);
    if (prepared === undefined) console.log(`${peer.name}: not installed`);
    return prepared === undefined ? [] : [{ peer, prepared, runs: [] }];
  });
  for (const { prepared } of contenders) prepared.check(prepared.run());
  const ours: MeasuredRun[] = [];
  const starts: MeasuredRun[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(runSgsim(capture, vpc));
    starts.push(runSgsim(few, vpc));
    if (packetsIn(ours.at(-1)!) !== packets) throw new Error('sgsim gives a wrong answer');
    for (const { prepared, runs } of contenders) {
      runs.push(prepared.run());
      prepared.check(runs.at(-1)!);
    }
  }
  console.log(
    `${input.name}: ${packets} packets, ${policy.rules.length} rules, ${rounds} rounds; answers checked\n`,
  );
  print(contenders, ours, starts, packets);
}

function print(
  contenders: readonly Contender[],
  ours: readonly MeasuredRun[],
  starts: readonly MeasuredRun[],
  packets: number,
): void {
  const rates = ours.map(({ cpuSeconds }) => packets / cpuSeconds);
  const warm = ours.map(({ cpuSeconds }, i) => packets / (cpuSeconds - starts[i]!.cpuSeconds));
  const width = 26;
  console.log(
    `${' '.repeat(width)}million packets/s per core   sgsim, times that     less its start-up`,
  );
  console.log(`${'sgsim'.padEnd(width)}${spread(rates.map((each) => each / 1e6))}`);
  for (const { peer, prepared, runs } of contenders) {
    const own = runs.map(({ cpuSeconds }) => prepared.packets / cpuSeconds);
    const times = (of: readonly number[]): string => spread(of.map((rate, i) => rate / own[i]!));
    const cells = [
      spread(own.map((each) => each / 1e6)).padEnd(29),
      times(rates).padEnd(22),
      times(warm),
    ];
    console.log(peer.name.padEnd(width) + cells.join(''));
  }
  console.log('');
  for (const { peer, prepared, runs } of contenders) {
    const part = prepared.packets < packets ? `the first ${prepared.packets} packets; ` : '';
    console.log(`${peer.name}: ${peer.does}; ${part}${prepared.check(runs.at(-1)!)}`);
  }
  console.log('');
}

function packetsIn({ stdout }: MeasuredRun): number {
  return (JSON.parse(stdout) as { readonly totals: { readonly packets: number } }).totals.packets;
}
