import * as z from 'zod/mini';
import type { PeeringSide } from '../model/vpc.js';
import type { Collected } from './collected.js';
import { placeText, type Place } from './place.js';
import { optionalText, readShape } from './shape.js';

/** Reads one entry of describe-vpc-peering-connections. */
export function readPeering(value: unknown, place: Place, into: Collected): void {
  const peering = readShape(PEERING, value, place);
  if (peering === undefined) return;
  into.peerings.push({
    id: peering.VpcPeeringConnectionId,
    status: peering.Status.Code,
    requester: sideOf(peering.RequesterVpcInfo),
    accepter: sideOf(peering.AccepterVpcInfo),
    place: placeText(place),
  });
}

const SIDE = z.object({ VpcId: z.string(), OwnerId: optionalText, Region: optionalText });

const PEERING = z.object({
  VpcPeeringConnectionId: z.string(),
  Status: z.object({ Code: z.string() }),
  RequesterVpcInfo: SIDE,
  AccepterVpcInfo: SIDE,
});

function sideOf({ VpcId, OwnerId, Region }: z.output<typeof SIDE>): PeeringSide {
  return {
    vpcId: VpcId,
    ...(typeof OwnerId === 'string' ? { ownerId: OwnerId } : {}),
    ...(typeof Region === 'string' ? { region: Region } : {}),
  };
}
