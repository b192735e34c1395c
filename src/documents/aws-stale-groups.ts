import * as z from 'zod/mini';
import type { Direction, Peer } from '../model/security-group.js';
import { groupPeer, GROUP_PAIR, readPermissionTraffic } from './aws-security-groups.js';
import type { Collected } from './collected.js';
import { inside, placeText, type Place } from './place.js';
import { memberOf, readList, readShape } from './shape.js';

/**
 * Reads one entry of describe-stale-security-groups: the rules that name a group which is gone, or which nothing
 * connects any more (SG-19). CIDRs and prefix lists in it are strings and never stale.
 */
export function readStaleGroup(value: unknown, place: Place, into: Collected): void {
  const group = readShape(z.object({ GroupId: z.string() }), value, place);
  if (group === undefined) return;
  const direction = (key: string, name: Direction): void => {
    for (const item of readList(memberOf(value, key), inside(place, key))) {
      const traffic = readPermissionTraffic(item.value, item.place);
      const peers = readPeers(item.value, item.place);
      if (traffic === undefined) continue;
      for (const { peer, place: at } of peers) {
        const rule = { groupId: group.GroupId, direction: name, traffic, peer };
        into.staleRules.push({ ...rule, place: placeText(at) });
      }
    }
  };
  direction('StaleIpPermissions', 'ingress');
  direction('StaleIpPermissionsEgress', 'egress');
}

function readPeers(permission: unknown, place: Place): readonly { peer: Peer; place: Place }[] {
  const key = 'UserIdGroupPairs';
  return readList(memberOf(permission, key), inside(place, key)).flatMap((item) => {
    const pair = readShape(GROUP_PAIR, item.value, item.place);
    return pair === undefined ? [] : [{ peer: groupPeer(pair), place: item.place }];
  });
}
