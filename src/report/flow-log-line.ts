import { type Address, formatAddress, prefixContains } from '../model/address.js';
import { type FlowLogField, flowLogVersion } from '../model/flow-log-field.js';
import type { LoggedFlow } from '../model/logged-flow.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';

/** Values of a flow's record in the order of the fields; `-` for what is not known or does not apply. */
export type RecordWriter = (flow: LoggedFlow) => string[];

/** Writes records of the interfaces that a VPC describes, for one choice of fields. */
export function createRecordWriter(
  description: VpcDescription,
  fields: readonly FlowLogField[],
): RecordWriter {
  const zones = new Map(description.subnets.map(({ id, zone }) => [id, zone]));
  const interfaces = new Map(
    description.interfaces.map((eni) => {
      const zone = { ...(eni.subnetId && zones.get(eni.subnetId)), ...eni.zone };
      return [eni.id, { ...eni, zone }];
    }),
  );
  const version = String(flowLogVersion(fields));
  const writers = fields.map((field) =>
    field === 'version' ? (): string => version : VALUES[field],
  );
  return (flow) => {
    const from = { flow, eni: interfaces.get(flow.eni), description };
    return writers.map((write) => write?.(from) ?? UNKNOWN);
  };
}

/** The fields' names: the first line of a file that is delivered to S3. */
export const flowLogHeader = (fields: readonly FlowLogField[]): string => fields.join(' ');

const UNKNOWN = '-';

interface From {
  readonly flow: LoggedFlow;
  readonly eni: NetworkInterface | undefined;
  readonly description: VpcDescription;
}

const seconds = (timeNs: bigint): string => String(timeNs / 1_000_000_000n);

/** Fields that can be told; the others are of what is not simulated: containers, block public access, encryption. */
const VALUES: Readonly<Partial<Record<FlowLogField, (from: From) => string | undefined>>> = {
  'account-id': ({ eni }) => eni?.ownerId,
  'interface-id': ({ flow }) => flow.eni,
  srcaddr: ({ flow, eni }) =>
    formatAddress(flow.direction === 'egress' ? ownAddress(flow.source, eni) : flow.source),
  dstaddr: ({ flow, eni }) =>
    formatAddress(
      flow.direction === 'ingress' ? ownAddress(flow.destination, eni) : flow.destination,
    ),
  srcport: ({ flow }) => String(flow.sourcePort),
  dstport: ({ flow }) => String(flow.destinationPort),
  protocol: ({ flow }) => String(flow.protocol),
  packets: ({ flow }) => String(flow.packets),
  bytes: ({ flow }) => String(flow.bytes),
  start: ({ flow }) => seconds(flow.firstTimeNs),
  end: ({ flow }) => seconds(flow.lastTimeNs),
  action: ({ flow }) => (flow.accepted ? 'ACCEPT' : 'REJECT'),
  'log-status': () => 'OK',
  'vpc-id': ({ eni }) => eni?.vpcId,
  'subnet-id': ({ eni }) => eni?.subnetId,
  'instance-id': ({ eni }) => eni?.instanceId,
  'tcp-flags': ({ flow: { tcpFlags } }) => (tcpFlags === undefined ? undefined : String(tcpFlags)),
  type: ({ flow }) => `IPv${flow.source.family}`,
  'pkt-srcaddr': ({ flow }) => formatAddress(flow.source),
  'pkt-dstaddr': ({ flow }) => formatAddress(flow.destination),
  region: ({ eni }) => regionOf(eni?.zone?.name),
  'az-id': ({ eni }) => eni?.zone?.id,
  'flow-direction': ({ flow }) => flow.direction,
  'traffic-path': trafficPath,
};

/** FL-7: its primary private IPv4 address, whichever of its addresses the packet has. */
function ownAddress(address: Address, eni: NetworkInterface | undefined): Address {
  if (address.family === 6) return address;
  return eni?.addresses.find(({ family }) => family === 4) ?? address;
}

/** `us-east-1` of `us-east-1a` and of the Local Zone `us-east-1-bos-1a`. */
const regionOf = (zone: string | undefined): string | undefined =>
  zone === undefined ? undefined : /^[a-z]{2}(?:-[a-z]+)+-\d+/u.exec(zone)?.[0];

/** FL-8, as far as it can be told without routes: to its own VPC, or over a peering. */
function trafficPath({ flow, eni, description }: From): string | undefined {
  if (flow.direction !== 'egress' || eni === undefined) return undefined;
  const isIn = (vpcId: string): boolean =>
    description.vpcs.some(
      ({ id, prefixes }) =>
        id === vpcId && prefixes.some((prefix) => prefixContains(prefix, flow.destination)),
    );
  if (isIn(eni.vpcId)) return '1';
  for (const { status, requester, accepter } of description.peerings) {
    if (status !== 'active') continue;
    const [own, other] =
      requester.vpcId === eni.vpcId ? [requester, accepter] : [accepter, requester];
    if (own.vpcId === eni.vpcId && isIn(other.vpcId))
      return own.region === other.region ? '4' : '5';
  }
  return undefined;
}
