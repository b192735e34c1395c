import { readFileSync } from 'node:fs';
import { parseAddress, parsePrefix, prefixContains } from '../../src/model/address.js';
import type { Flow, FlowTraffic } from './judge-flow.js';

/** What np-guard weighs besides security groups, and sgsim leaves out. */
export type Obstacle = 'network ACL' | 'no public address';

/** Tells what keeps a flow from its destination if every security group let it pass. */
export type FindObstacle = (flow: Flow) => Obstacle | undefined;

/** Reads the network ACLs, subnets and public addresses of an np-guard description. */
export function obstaclesIn(path: string): FindObstacle {
  const document = JSON.parse(readFileSync(path, 'utf8')) as Description;
  const instances = new Map(document.instances.map((it) => [it.PrivateIpAddress, it]));
  const entriesOf = (subnet: string, egress: boolean): readonly Entry[] =>
    document.network_acls
      .find((acl) => acl.Associations.some(({ SubnetId }) => SubnetId === subnet))!
      .Entries.filter((entry) => entry.Egress === egress);
  return (flow) => {
    const sender = instances.get(flow.source);
    const receiver = instances.get(flow.destination);
    const alone = sender === undefined ? receiver! : receiver === undefined ? sender : undefined;
    if (alone?.PublicIpAddress === null) return 'no public address';
    // NA-2: asked only where a packet leaves or enters a subnet.
    if (sender?.SubnetId === receiver?.SubnetId) return undefined;
    const passes =
      (sender === undefined || allows(entriesOf(sender.SubnetId, true), flow, flow.destination)) &&
      (receiver === undefined || allows(entriesOf(receiver.SubnetId, false), flow, flow.source));
    return passes ? undefined : 'network ACL';
  };
}

interface Description {
  readonly instances: readonly {
    readonly PrivateIpAddress?: string;
    readonly PublicIpAddress: string | null;
    readonly SubnetId: string;
  }[];
  readonly network_acls: readonly {
    readonly Associations: readonly { readonly SubnetId: string }[];
    readonly Entries: readonly Entry[];
  }[];
}

interface Entry {
  readonly Egress: boolean;
  readonly RuleNumber: number;
  readonly RuleAction: 'allow' | 'deny';
  /** A number, -1 for all. */
  readonly Protocol: string;
  readonly CidrBlock: string;
  readonly PortRange?: { readonly From: number; readonly To: number } | null;
}

/** NA-1: the first entry that matches decides. The last one of every list matches everything. */
function allows(entries: readonly Entry[], flow: Flow, remote: string): boolean {
  const inOrder = entries.toSorted((one, other) => one.RuleNumber - other.RuleNumber);
  return inOrder.find((entry) => matches(entry, flow, remote))!.RuleAction === 'allow';
}

function matches(entry: Entry, { traffic }: Flow, remote: string): boolean {
  if (!prefixContains(parsePrefix(entry.CidrBlock)!.prefix, parseAddress(remote)!)) return false;
  if (entry.Protocol === '-1') return true;
  if (Number(entry.Protocol) !== protocolOf(traffic)) return false;
  if (traffic.kind !== 'tcp' && traffic.kind !== 'udp') return true;
  const { From, To } = entry.PortRange!;
  return traffic.ports[1] >= From && traffic.ports[1] <= To;
}

const NUMBER = { tcp: 6, udp: 17, icmp: 1 } as const;

const protocolOf = (traffic: FlowTraffic): number =>
  traffic.kind === 'bare' ? traffic.protocol : NUMBER[traffic.kind];
