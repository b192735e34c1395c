import { checkAddresses } from '../documents/addresses.js';
import { readEvents } from '../documents/events.js';
import { readDocuments } from '../documents/files.js';
import { loadVpc } from '../documents/load.js';
import { createSources } from '../documents/sources.js';
import { InputError, inputError } from '../model/diagnostic.js';
import type { DocumentSource } from '../model/explanation.js';
import type { Timeline } from '../policy/timeline.js';
import { planTimeline } from '../replay/plan-timeline.js';

/** Which VPC, and what happens to it. */
export interface VpcArguments {
  readonly vpc: readonly string[];
  readonly vpcId: string | undefined;
  readonly events: string | undefined;
}

export interface LoadedTimeline {
  /** What the VPC and the events make together, which hangs on when the capture begins. */
  readonly timelineFrom: (firstTimeNs: bigint) => Timeline;
  /** Where a place of the VPC's documents or of the events stands; keeps their texts. */
  readonly sourceOf: (place: string) => DocumentSource | undefined;
}

/** Reads the VPC and the events. Throws InputError. */
export function loadTimeline(args: VpcArguments): LoadedTimeline {
  const { vpc: paths, vpcId } = args;
  const documents = readDocuments(paths);
  const { description, warnings } = loadVpc(documents);
  const interfaces = description.interfaces.filter(
    (eni) => vpcId === undefined || eni.vpcId === vpcId,
  );
  if (description.interfaces.length === 0) {
    throw inputError(
      'no-interfaces',
      paths.join(' '),
      'there are no network interfaces: no packet could be told to belong to one',
      'add the output of `aws ec2 describe-network-interfaces`',
    );
  }
  if (interfaces.length === 0) {
    const known = [...new Set(description.interfaces.map((eni) => eni.vpcId))].join(', ');
    const fact = `no interface is in ${vpcId ?? ''}`;
    throw inputError('vpc-id', '--vpc-id', fact, `name one of ${known}`);
  }
  const errors = checkAddresses({ ...description, interfaces });
  if (errors.length > 0) throw new InputError(errors);
  const eventFiles = args.events === undefined ? [] : readDocuments([args.events]);
  const events = eventFiles.flatMap(readEvents);
  const seen = new Set(interfaces.map(({ id }) => id));
  const timelineFrom = (firstTimeNs: bigint): Timeline => {
    const { phases, rules } = planTimeline(description, events, firstTimeNs);
    return {
      rules,
      phases: phases.map(({ policy, ...phase }, i) => ({
        ...phase,
        policy: {
          ...policy,
          // NI-5: packets are matched with the interfaces of one VPC; rules still refer to those of its peers.
          interfaces: policy.interfaces.filter(({ eni }) => seen.has(eni.id)),
          warnings: i === 0 ? [...warnings, ...policy.warnings] : policy.warnings,
        },
      })),
    };
  };
  return { timelineFrom, sourceOf: createSources([...documents, ...eventFiles]) };
}
