import { type Address, formatAddress } from '../model/address.js';
import type { Evidence } from '../model/evidence.js';
import type { IpPacket } from '../model/packet.js';
import { type VerdictCode, codeText } from '../model/verdict.js';
import type { ExemptPolicy } from '../model/tracking.js';
import { nameInterface } from './peer-identity.js';
import { isDhcp, isExemptRange } from './reference-exempt.js';
import type { Cause, Situation } from './situation.js';
import type { ExplainedWorld } from './world.js';

/** Of a packet that security groups do not filter: the code says why, the reason names what of the packet. */
export function causeNotFiltered(
  world: ExplainedWorld,
  { verdict, packet: { content } }: Evidence,
  situation: Situation | undefined,
): Cause {
  const reason =
    content.kind === 'ip'
      ? unfilteredText(world, content.ip, verdict.code, situation)
      : 'it is not IP, and security groups filter only IP';
  return { cause: 'not-filtered', reason };
}

/** Of a packet that could not be judged. */
export function causeNotJudged({ verdict, packet: { content } }: Evidence): Cause {
  if (content.kind !== 'ip' || verdict.code !== 'no-interface') {
    return { cause: 'not-judged', reason: codeText(verdict.code) };
  }
  const { source, destination } = content.ip;
  return {
    cause: 'not-judged',
    reason: `no loaded interface has ${formatAddress(source)} or ${formatAddress(destination)}`,
  };
}

function unfilteredText(
  { tracking }: ExplainedWorld,
  ip: IpPacket,
  code: VerdictCode,
  situation: Situation | undefined,
): string {
  const { source, destination } = ip;
  if (code === 'exempt') {
    return `${exemptText(ip, tracking.exempt, situation)}, which security groups do not filter`;
  }
  if (code === 'not-applicable') {
    return 'it is neighbor or multicast listener discovery, which security groups do not filter';
  }
  if (code === 'local') {
    return `one interface has both ${formatAddress(source)} and ${formatAddress(destination)}: it never leaves the host`;
  }
  return code === 'no-groups' ? `it meets ${nameInterface(situation!.at.eni)}` : codeText(code);
}

/** NF-1. */
function exemptText(ip: IpPacket, scope: ExemptPolicy, situation: Situation | undefined): string {
  if (isDhcp(ip)) return 'it is dhcp';
  const isService = (address: Address): boolean => isExemptRange(address, scope);
  const ends = situation === undefined ? [ip.destination, ip.source] : [situation.remote];
  const service = ends.find(isService);
  if (service !== undefined) return `${formatAddress(service)} is an address of Amazon's services`;
  const reserved = situation === undefined ? ip.destination : situation.remote;
  return `${formatAddress(reserved)} is an address that AWS reserves in the VPC`;
}
