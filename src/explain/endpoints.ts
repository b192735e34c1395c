import { type Address, type Prefix, parsePrefix } from '../model/address.js';
import type { Endpoint, EndpointGroup } from '../model/endpoint.js';
import type { VpcDescription } from '../model/vpc.js';
import { firstBlock } from './peer-kinds.js';

/**
 * Tells what an address is: the interface that has it, exactly or in the longest delegated prefix around it, else which kind of
 * outsider. Public addresses that stand for an interface's own are the internet's: that is how packets carry them.
 */
export function endpoints({
  interfaces,
  subnets,
  vpcs,
}: VpcDescription): (address: Address) => Endpoint {
  const exact = new Map<string, Endpoint>();
  const delegated: { readonly prefix: Prefix; readonly kind: Endpoint }[] = [];
  for (const { id, name, addresses, delegated: prefixes } of interfaces) {
    const endpoint = { kind: 'interface', eni: id, ...(name !== undefined && { name }) } as const;
    for (const address of addresses) {
      const key = keyOf(address);
      if (!exact.has(key)) exact.set(key, endpoint);
    }
    delegated.push(...prefixes.map((prefix) => ({ prefix, kind: endpoint })));
  }
  const longestFirst = delegated.sort((a, b) => b.prefix.length - a.prefix.length);
  const own = [...subnets, ...vpcs].flatMap(({ prefixes }) => prefixes);
  const find = firstBlock<Endpoint>([
    ...longestFirst,
    ...SPECIAL.map((prefix) => ({ prefix, kind: groups.special })),
    ...own.map((prefix) => ({ prefix, kind: groups.vpc })),
    ...PRIVATE.map((prefix) => ({ prefix, kind: groups.private })),
  ]);
  return (address) => exact.get(keyOf(address)) ?? find(address) ?? groups.internet;
}

const groups: Readonly<Record<EndpointGroup, Endpoint>> = {
  vpc: { kind: 'vpc' },
  private: { kind: 'private' },
  special: { kind: 'special' },
  internet: { kind: 'internet' },
};

const prefixes = (...texts: string[]): readonly Prefix[] =>
  texts.map((text) => parsePrefix(text)!.prefix);

const PRIVATE = prefixes(
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
);
/** IANA's registries of special-purpose addresses: what no host has as its own beyond its link. */
const SPECIAL = prefixes(
  ...['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '255.255.255.255/32'],
  ...['::/127', 'fe80::/10', 'ff00::/8', 'fd00:ec2::/32'],
);

function keyOf({ family, value }: Address): string {
  return `${family} ${value}`;
}
