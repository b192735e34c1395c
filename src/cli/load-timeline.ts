import { checkAddresses } from '../documents/addresses.js';
import { readEvents } from '../documents/events.js';
import { readDocuments } from '../documents/files.js';
import { loadVpc } from '../documents/load.js';
import { InputError, inputError } from '../model/diagnostic.js';
import type { Timeline } from '../policy/timeline.js';
import { planTimeline } from '../replay/plan-timeline.js';

/** Which VPC, and what happens to it. */
export interface VpcArguments {
  readonly vpc: readonly string[];
  readonly vpcId: string | undefined;
  readonly events: string | undefined;
}

/** Reads the VPC and the events; what they make together hangs on when the capture begins. Throws InputError. */
export function loadTimeline(args: VpcArguments): (firstTimeNs: bigint) => Timeline {
  const { vpc: paths, vpcId } = args;
  const { description, warnings } = loadVpc(readDocuments(paths));
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
  const events = args.events === undefined ? [] : readDocuments([args.events]).flatMap(readEvents);
  const seen = new Set(interfaces.map(({ id }) => id));
  return (firstTimeNs) => {
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
}
