import { basename } from 'node:path';
import { readDocuments } from '../../src/documents/files.js';
import { loadVpc } from '../../src/documents/load.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { awsInterface, json } from '../documents/loading.js';
import { describeVpc, eni, group, prefixes } from '../policy/describe-vpc.js';
import { vpcPath } from './read-cases.js';

/** Address of the interface under test where a row says `any`. */
export const UNDER_TEST = '10.0.0.10';

/** The VPC that a row's config names; throws InputError for a group that AWS would not store. */
export function worldOf(config: string): VpcDescription {
  if (config.startsWith('inline')) return INLINE[config]!();
  const [path, entry] = config.split('#');
  const name = `batfish-${basename(path!)}`;
  return entry === undefined
    ? loadVpc(readDocuments([vpcPath(name)])).description
    : loadEntry(name, entry);
}

/** Elastic IPs and the private addresses that the internet gateway puts in their place. */
export function publicAddresses(config: string): ReadonlyMap<string, string> {
  const pairs = readDocuments([vpcPath(`batfish-${basename(config)}`)])
    .filter(({ name }) => name.endsWith('NetworkInterfaces.json'))
    .flatMap(({ text }) => (JSON.parse(text) as InterfacesAnswer).NetworkInterfaces)
    .map((it) => [it.Association?.PublicIp ?? '', it.PrivateIpAddress] as const);
  return new Map(pairs.filter(([shown]) => shown !== ''));
}

interface InterfacesAnswer {
  readonly NetworkInterfaces: readonly {
    readonly PrivateIpAddress: string;
    readonly Association?: { readonly PublicIp: string };
  }[];
}

/** One group of a document, named by id or by position, for some ids are there twice; one interface carries it. */
function loadEntry(path: string, entry: string): VpcDescription {
  const [file] = readDocuments([vpcPath(path)]);
  const { SecurityGroups: groups } = JSON.parse(file!.text) as GroupsAnswer;
  const position = /^groups\[(\d+)\]/.exec(entry)?.[1];
  const id = entry.split(' ')[0];
  const found =
    position === undefined
      ? groups.find(({ GroupId }) => GroupId === id)!
      : groups[Number(position)]!;
  const carrier = awsInterface('eni-1', UNDER_TEST, {
    VpcId: found.VpcId,
    Groups: [{ GroupId: found.GroupId }],
  });
  return loadVpc([
    json('groups.json', { SecurityGroups: [found] }),
    json('interfaces.json', { NetworkInterfaces: [carrier] }),
  ]).description;
}

interface GroupsAnswer {
  readonly SecurityGroups: readonly { readonly GroupId: string; readonly VpcId: string }[];
}

/** What Batfish's tests build in Java, by the words of the table. */
const INLINE: Readonly<Record<string, () => VpcDescription>> = {
  'inline (egress: prefix list pl-7ba54012 = 10.10.10.0/24, proto -1)': () =>
    describeVpc({
      groups: [group('sg-1', ['out all pl-7ba54012'])],
      interfaces: [eni('eni-1', [UNDER_TEST], ['sg-1'])],
      prefixLists: [
        { id: 'pl-7ba54012', name: 'list', entries: prefixes('10.10.10.0/24'), place: '' },
      ],
    }),
  'inline: one instance, eni-1 10.0.0.1 with sg-ssh (tcp 22 any), eni-2 10.0.0.2 with sg-http (tcp 80 any)':
    () =>
      describeVpc({
        groups: [
          group('sg-ssh', ['in tcp/22 0.0.0.0/0']),
          group('sg-http', ['in tcp/80 0.0.0.0/0']),
        ],
        interfaces: [
          eni('eni-1', ['10.0.0.1'], ['sg-ssh'], { instanceId: 'i-1' }),
          eni('eni-2', ['10.0.0.2'], ['sg-http'], { instanceId: 'i-1' }),
        ],
      }),
  // The member has a new group's egress (SG-5): the table is about the other end.
  'inline: ingress tcp 22 from group sg-id; eni-123 1.2.3.4 is in sg-id': () =>
    describeVpc({
      groups: [group('sg-1', ['in tcp/22 sg-id']), group('sg-id', ['out all 0.0.0.0/0'])],
      interfaces: [eni('eni-1', [UNDER_TEST], ['sg-1']), eni('eni-123', ['1.2.3.4'], ['sg-id'])],
    }),
};
