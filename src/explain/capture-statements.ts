import { type Address, prefixContains } from '../model/address.js';
import { InputError } from '../model/diagnostic.js';
import type { Evidence } from '../model/evidence.js';
import type { CaptureEnd, CaptureStatement } from '../model/expectation.js';
import type { Flow } from '../model/flow.js';
import type { Traffic } from '../model/security-group.js';
import type { TestResult } from '../model/test-report.js';
import type { Phase } from '../policy/timeline.js';
import { evidenceFinder } from './flow-evidence.js';
import { createInternet } from './internet-addresses.js';
import { findMembers } from './question-ends.js';
import { holderOf, indexHolders } from './reference-holders.js';
import type { Sighting } from './sighting.js';
import { statementResult } from './statement-result.js';
import type { ExplainedWorld } from './world.js';

export interface StatementCheck {
  /** Takes the flows of a capture, in any order. */
  note(flows: Iterable<Flow>): void;
  /** In their order. `drops`: dropped packets that were kept, in the order of frames. */
  results(drops: readonly Evidence[]): readonly TestResult[];
}

/** Flows that are kept as examples of each statement. */
const EXAMPLES_MAX = 3;

/** Holds statements against flows. What names mean is what they mean when a flow begins. */
export function createStatementCheck(
  world: ExplainedWorld,
  statements: readonly CaptureStatement[],
): StatementCheck {
  const { phases } = world.timeline;
  const tests = statements.map((statement) => phases.map((phase) => testOf(statement, phase)));
  const sightings = statements.map((): Sighting => ({
    ...{ flows: 0, packets: 0, first: undefined },
    telling: { flows: 0, packets: 0, examples: [] },
  }));
  const phaseOf = ({ firstTimeNs }: Flow): number =>
    Math.max(
      0,
      phases.findLastIndex(({ fromNs }) => fromNs <= firstTimeNs),
    );
  return {
    note: (flows) => {
      for (const flow of flows) {
        const phase = phases.length === 1 ? 0 : phaseOf(flow);
        for (const [i, statement] of statements.entries()) {
          if (tests[i]![phase]!(flow)) see(sightings[i]!, statement, flow);
        }
      }
    },
    results: (drops) => {
      const grounds = { world, phaseOf, dropOf: evidenceFinder(drops) };
      return statements.map((statement, i) => statementResult(grounds, statement, sightings[i]!));
    },
  };
}

/** Throws InputError for names that mean nobody at any time. */
export function checkNames(
  { timeline: { phases } }: ExplainedWorld,
  statement: CaptureStatement,
): void {
  const faults: InputError[] = [];
  for (const end of [statement.source, statement.destination]) {
    if (end?.kind !== 'name') continue;
    const found = phases.map((phase) => holdersOf(end, statement, phase));
    const [first] = found;
    if (first instanceof InputError && found.every((each) => each instanceof InputError)) {
      faults.push(first);
    }
  }
  if (faults.length > 0) throw new InputError(faults.flatMap(({ diagnostics }) => diagnostics));
}

function see(sighting: Sighting, { claim }: CaptureStatement, flow: Flow): void {
  const packets = packetsOf(flow);
  sighting.packets += packets;
  if (flow.counted) sighting.flows++;
  if (sighting.first === undefined || flow.firstFrame < sighting.first.firstFrame) {
    sighting.first = flow;
  }
  const telling = claim === 'no-drops' ? flow.byVerdict.drop.packets : reachingPackets(flow);
  if (telling === 0) return;
  sighting.telling.packets += telling;
  if (flow.counted) sighting.telling.flows++;
  const { examples } = sighting.telling;
  examples.push(flow);
  examples.sort((one, other) => one.firstFrame - other.firstFrame);
  if (examples.length > EXAMPLES_MAX) examples.length = EXAMPLES_MAX;
}

const packetsOf = ({ original, reply }: Flow): number => original.packets + reply.packets;

/**
 * Packets that passed, if any of them went as the first one did. A packet about another flow, such as an ICMP error, and the rest
 * of a flow that was told of before, reach nobody of themselves.
 */
function reachingPackets({ verdict, counted, byVerdict, reply }: Flow): number {
  if (!counted && verdict !== 'not-filtered') return 0;
  const passed = byVerdict.allow.packets + byVerdict['not-filtered'].packets;
  const passes = verdict === 'allow' || verdict === 'not-filtered';
  return passes || passed > reply.packets ? passed : 0;
}

type FlowTest = (flow: Flow) => boolean;

function testOf(statement: CaptureStatement, phase: Phase): FlowTest {
  const { traffic, source, destination } = statement;
  const from = addressTest(source, statement, phase);
  const to = addressTest(destination, statement, phase);
  return (flow) =>
    (traffic === undefined || isOf(flow, traffic)) && from(flow.source) && to(flow.destination);
}

/** As a rule asks for it (SG-3): the port that the opener addressed. */
function isOf({ protocol, destinationPort, icmp }: Flow, traffic: Traffic): boolean {
  switch (traffic.kind) {
    case 'all':
      return true;
    case 'protocol':
      return protocol === traffic.protocol;
    case 'ports': {
      const { from, to } = traffic;
      if (protocol !== traffic.protocol) return false;
      if (from === 0 && to === 65_535) return true;
      return destinationPort !== undefined && destinationPort >= from && destinationPort <= to;
    }
    case 'icmp': {
      const { type, code } = traffic;
      if (protocol !== traffic.protocol) return false;
      return type === -1 || (icmp?.type === type && (code === -1 || icmp.code === code));
    }
  }
}

type AddressTest = (address: Address) => boolean;

function addressTest(
  end: CaptureEnd | undefined,
  statement: CaptureStatement,
  phase: Phase,
): AddressTest {
  switch (end?.kind) {
    case undefined:
    case 'any':
      return () => true;
    case 'address': {
      const { family, value } = end.address;
      return (address) => address.family === family && address.value === value;
    }
    case 'block':
      return (address) => prefixContains(end.prefix, address);
    case 'internet':
      return createInternet(phase.description);
    case 'name': {
      const holders = holdersOf(end, statement, phase);
      if (holders instanceof InputError) return () => false;
      const index = indexHolders(phase.policy.interfaces);
      return (address) => holders.has(holderOf(index, undefined, address)?.eni.id ?? '');
    }
  }
}

/** Ids of the interfaces that a name means in a phase; the fault when it means nobody. */
function holdersOf(
  end: Extract<CaptureEnd, { kind: 'name' }>,
  { statement }: CaptureStatement,
  { description, policy }: Phase,
): ReadonlySet<string | undefined> | InputError {
  // NI-5: packets are matched with the interfaces of the VPC that was chosen.
  const interfaces = policy.interfaces.map(({ eni }) => eni);
  try {
    const { members } = findMembers(end, { text: statement }, { ...description, interfaces });
    return new Set(members.map(({ eni }) => eni));
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}
