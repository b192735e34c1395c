import { checkAddresses } from '../documents/addresses.js';
import { type DocumentFile, readDocuments } from '../documents/files.js';
import { type LoadedVpc, holdYaml, readVpc } from '../documents/read-vpc.js';
import { InputError, inputError } from '../model/diagnostic.js';
import type { TimedEvent } from '../model/edit.js';
import type { NetworkInterface } from '../model/vpc.js';
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
  /** Whose packets are judged, as they are before any event. */
  readonly interfaces: readonly NetworkInterface[];
  /** The documents of the VPC and of the events, as read. */
  readonly documents: readonly DocumentFile[];
}

/** Reads the VPC and the events. Throws InputError. */
export async function loadTimeline(args: VpcArguments): Promise<LoadedTimeline> {
  const { vpc: paths, vpcId } = args;
  const documents = readDocuments(paths);
  const { description, warnings } = await loadVpc(documents);
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
  const events = await loadEvents(eventFiles);
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
  return { timelineFrom, interfaces, documents: [...documents, ...eventFiles] };
}

async function loadVpc(files: readonly DocumentFile[]): Promise<LoadedVpc> {
  const yaml = holdYaml(files) ? await import('../documents/yaml-text.js') : undefined;
  return readVpc(files, yaml?.parseYaml);
}

async function loadEvents(files: readonly DocumentFile[]): Promise<readonly TimedEvent[]> {
  if (files.length === 0) return [];
  const { readEvents } = await import('../documents/events.js');
  return files.flatMap(readEvents);
}
