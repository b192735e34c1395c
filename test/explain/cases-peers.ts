import { parseAddress } from '../../src/model/address.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { describeVpc, eni, group, peering, prefixes } from '../policy/describe-vpc.js';
import type { CauseCase } from './cause-case.js';
import { tcp, udp } from './packets.js';
import { host } from './story.js';

const HTTPS = '203.0.113.7:51000 > 10.0.1.20:443';
const TO_DB = '10.0.1.10:51000 > 10.0.2.20:5432';
const FAR = '10.9.0.5:51000 > 10.0.2.20:5432';
const PUBLIC = [parseAddress('198.51.100.10')!];
const AT_DB = 'eni-app lets it out; eni-db, the other end, drops it: ';

/** `eni-app` of sg-app, with a public address, and `eni-web` of sg-web in front of `eni-db` of sg-db. */
function tiers(dbRules: readonly string[], more: Partial<VpcDescription> = {}): VpcDescription {
  return describeVpc({
    groups: [group('sg-app', ['out all 10.0.0.0/8']), group('sg-web'), group('sg-db', dbRules)],
    interfaces: [
      eni('eni-app', ['10.0.1.10'], ['sg-app'], { name: 'app-1', publicAddresses: PUBLIC }),
      eni('eni-web', ['10.0.1.11'], ['sg-web']),
      eni('eni-db', ['10.0.2.20'], ['sg-db']),
    ],
    ...more,
  });
}

/** `eni-db` of sg-db in vpc-1, whose rule names sg-far in vpc-2. */
function farWorld(more: Partial<VpcDescription>): VpcDescription {
  return describeVpc({
    groups: [
      group('sg-db', ['in tcp/5432 sg-far']),
      group('sg-far', ['out all 10.0.0.0/8'], { vpcId: 'vpc-2' }),
    ],
    interfaces: [
      eni('eni-db', ['10.0.2.20'], ['sg-db']),
      eni('eni-far', ['10.9.0.5'], ['sg-far'], { vpcId: 'vpc-2' }),
    ],
    ...more,
  });
}

const AT_FAR_DB = 'eni-far lets it out; eni-db, the other end, drops it: ';

/** New flows from or to a peer that a rule may mean, and does not match. */
export const PEER_CASES: readonly CauseCase[] = [
  {
    cause: 'peer-not-allowed',
    title:
      'SG-10, CT-20: of another group; a rule for the right port comes before one for the right peer',
    vpc: tiers(['in tcp/5433 sg-app', 'in tcp/5432 sg-web']),
    packets: [tcp(TO_DB, 'S')],
    reason: `${AT_DB}no rule allows it; nearest is tcp/5432 from sg-web (sg-db:2 in sg-db), but peer 10.0.1.10 is not in sg-web: it is eni-app (app-1) in sg-app`,
  },
  {
    cause: 'public-address',
    title: 'SG-18: it came from a public address',
    vpc: tiers(['in tcp/5432 sg-app']),
    packets: [tcp('198.51.100.10:51000 > 10.0.2.20:5432', 'S')],
    reason:
      '198.51.100.10 is the public address of eni-app (app-1) in sg-app; tcp/5432 from sg-app (sg-db:1 in sg-db) covers private addresses only, such as 10.0.1.10',
  },
  {
    cause: 'public-address',
    title: 'SG-10: it was sent to a public address',
    vpc: tiers(['out tcp/8080 sg-web', 'out tcp/8080 sg-app']),
    packets: [tcp('10.0.2.20:51000 > 198.51.100.10:8080', 'S')],
    reason:
      '198.51.100.10 is the public address of eni-app (app-1) in sg-app; tcp/8080 to sg-app (sg-db:2 in sg-db) covers private addresses only, such as 10.0.1.10',
  },
  {
    cause: 'peering-not-active',
    title: 'SG-13: pending',
    vpc: farWorld({ peerings: [peering('pcx-1', 'pending-acceptance', ['vpc-1', 'vpc-2'])] }),
    packets: [tcp(FAR, 'S')],
    reason: `${AT_FAR_DB}tcp/5432 from sg-far (sg-db:1 in sg-db) matches nothing while peering pcx-1 is pending-acceptance, not active`,
  },
  {
    cause: 'peering-not-active',
    title: 'SG-19: the rule alone tells of the peering, and no member is loaded',
    vpc: farWorld({
      groups: [
        group('sg-db', ['in tcp/5432 sg-far'], {
          peer: { kind: 'group', peeringId: 'pcx-9', peeringStatus: 'deleted' },
        }),
        group('sg-far', [], { vpcId: 'vpc-2' }),
      ],
      interfaces: [eni('eni-db', ['10.0.2.20'], ['sg-db'])],
    }),
    packets: [tcp(FAR, 'S')],
    reason:
      'tcp/5432 from sg-far (sg-db:1 in sg-db) matches nothing while peering pcx-9 is deleted, not active',
  },
  {
    cause: 'reference-not-followed',
    title: 'SG-13: no peering at all',
    vpc: farWorld({}),
    packets: [tcp(FAR, 'S')],
    reason: `${AT_FAR_DB}tcp/5432 from sg-far (sg-db:1 in sg-db) does not match here: group sg-far is in another VPC without a peering in the same Region`,
  },
  {
    cause: 'reference-not-followed',
    title: 'SG-19: a group that no document has',
    vpc: tiers(['in tcp/5432 sg-gone']),
    packets: [tcp(FAR, 'S')],
    reason:
      'tcp/5432 from sg-gone (sg-db:1 in sg-db) does not match here: group sg-gone is in no document',
  },
  {
    cause: 'peer-not-allowed',
    title: 'SG-19: a stranger from the internet is not in a group that no document has',
    vpc: tiers(['in tcp/5432 sg-gone']),
    packets: [tcp('203.0.113.7:51000 > 10.0.2.20:5432', 'S')],
    reason:
      'no rule allows it; nearest is tcp/5432 from sg-gone (sg-db:1 in sg-db), but peer sg-gone: group sg-gone is in no document',
  },
  {
    cause: 'prefix-list-not-loaded',
    title: 'SG-9: a list without entries',
    vpc: {
      ...host(['in tcp/443 pl-1']),
      prefixLists: [{ id: 'pl-1', name: 'offices', place: '' }],
    },
    packets: [tcp(HTTPS, 'S')],
    reason:
      'tcp/443 from pl-1 (sg-web:1 in sg-web) would allow it if pl-1 holds 203.0.113.7; the entries of pl-1 are not loaded',
  },
  {
    cause: 'prefix-list-not-loaded',
    title: 'SG-9: a list in no document, on the way out',
    vpc: host(['out all pl-9']),
    packets: [udp('10.0.1.20:51000 > 203.0.113.7:53')],
    reason:
      'all to pl-9 (sg-web:1 in sg-web) would allow it if pl-9 holds 203.0.113.7; the entries of pl-9 are not loaded',
  },
  {
    cause: 'path-hides-group',
    title: 'SG-17: by way of a NAT gateway',
    vpc: tiers(['in tcp/5432 sg-app'], {
      paths: [{ prefix: prefixes('10.0.1.0/24')[0]!, via: 'nat-gateway', place: '' }],
    }),
    packets: [tcp(TO_DB, 'S')],
    reason: `${AT_DB}10.0.1.10 is eni-app (app-1) in sg-app, but the nat-gateway on the way hides that from tcp/5432 from sg-app (sg-db:1 in sg-db)`,
  },
  {
    cause: 'path-hides-group',
    title: 'SG-17: on the way out',
    vpc: tiers(['out tcp/8080 sg-app'], {
      paths: [{ prefix: prefixes('10.0.1.10/32')[0]!, via: 'network-firewall', place: '' }],
    }),
    packets: [tcp('10.0.2.20:51000 > 10.0.1.10:8080', 'S')],
    reason:
      '10.0.1.10 is eni-app (app-1) in sg-app, but the network-firewall on the way hides that from tcp/8080 to sg-app (sg-db:1 in sg-db)',
  },
];
