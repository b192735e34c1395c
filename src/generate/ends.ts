import { addressWidth, parsePrefix, prefixOf, type Prefix } from '../model/address.js';
import type { ResolvedInterface, ResolvedPolicy, RuleSet } from '../policy/resolve.js';
import {
  type AddressWords,
  type PrefixWords,
  addressKey,
  addressWords,
  isWithinAny,
  prefixWords,
} from './address-words.js';
import { type ScannedRule, scannedRules } from './rule-scan.js';

/** A network interface with security groups. */
export interface Guard {
  readonly ingress: readonly ScannedRule[];
  readonly egress: readonly ScannedRule[];
  /** What it does not filter, or drops whatever the rules say, as its remote end or its own (NF-1, NF-4). */
  readonly odd: readonly PrefixWords[];
}

/** One end of a flow. */
export interface End extends AddressWords {
  /** Absent outside the VPC. */
  readonly guard?: Guard;
  /** Position in `Ends.macs`. */
  readonly mac: number;
}

/** Who can talk in a VPC. */
export interface Ends {
  /** The interfaces' own addresses. */
  readonly local: readonly End[];
  /** MAC addresses; the first is that of the VPC's router, which stands for all that is outside. */
  readonly macs: readonly bigint[];
  /** The end that an address is; undefined for one that flows keep clear of. */
  readonly endAt: (address: AddressWords) => End | undefined;
}

/**
 * The ends of a policy whose packets are judged by rules and nothing else: exempt, multicast, broadcast and delegated
 * addresses are none, nor are those of interfaces without groups.
 */
export function gatherEnds(policy: ResolvedPolicy): Ends {
  const sets = policy.sets.map(scannedSet);
  const known = new Set(policy.interfaces.flatMap(({ eni: { mac } }) => mac ?? []));
  const macs = [unusedMac(0, known)];
  const byKey = new Map<string, End | undefined>();
  const delegated: PrefixWords[] = [];
  for (const [i, at] of policy.interfaces.entries()) {
    const { eni, set } = at;
    const mac = macs.push(eni.mac === undefined ? unusedMac(i + 1, known) : macValue(eni.mac)) - 1;
    const guard = set === undefined ? undefined : { ...sets[set]!, odd: oddFor(at) };
    delegated.push(...eni.delegated.map(prefixWords));
    for (const address of eni.addresses) {
      const words = addressWords(address);
      const key = addressKey(words);
      const plain = guard !== undefined && i < INTERFACES_MAX && !isWithinAny(words, guard.odd);
      // Of two interfaces that claim one address, only documents know which has it.
      byKey.set(key, byKey.has(key) || !plain ? undefined : { ...words, guard, mac });
    }
  }
  return {
    local: [...byKey.values()].filter((end) => end !== undefined),
    macs,
    endAt: (address) => {
      const key = addressKey(address);
      if (byKey.has(key)) return byKey.get(key);
      if (isWithinAny(address, ODD_ANYWHERE) || isWithinAny(address, delegated)) return undefined;
      return { family: address.family, words: address.words, mac: 0 };
    },
  };
}

/** Of a flow's ends 16 bits tell the interface. */
const INTERFACES_MAX = 0xfffe;

const scannedSet = ({ ingress, egress }: RuleSet): Pick<Guard, 'ingress' | 'egress'> => ({
  ingress: scannedRules(ingress),
  egress: scannedRules(egress),
});

/** NF-1, NF-4, and what no host has (RFC 6890). */
const ODD_ANYWHERE = [
  ...['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'],
  ...['::/8', 'fd00:ec2::/32', 'fe80::/10', 'ff00::/8'],
].map((text) => prefixWords(parsePrefix(text)!.prefix));

/** The first four addresses and the last of its subnet, the resolver of its VPC. */
function oddFor({ subnetPrefixes, primaryVpcPrefix }: ResolvedInterface): PrefixWords[] {
  const odd = subnetPrefixes.flatMap((subnet): Prefix[] => {
    const width = addressWidth(subnet.family);
    const last = subnet.value + (1n << BigInt(width - subnet.length)) - 1n;
    return [
      { ...subnet, length: Math.max(subnet.length, width - 2) },
      prefixOf({ family: subnet.family, value: last }, width),
    ];
  });
  if (primaryVpcPrefix !== undefined) {
    odd.push(prefixOf({ family: 4, value: primaryVpcPrefix.value + 2n }, 32));
  }
  return [...ODD_ANYWHERE, ...odd.map(prefixWords)];
}

const macValue = (digits: string): bigint => BigInt(`0x${digits}`);

/** A locally administered MAC address that no interface has. */
function unusedMac(number: number, known: ReadonlySet<string>): bigint {
  let value = 0x02_53_47_00_00_00n + BigInt(number);
  while (known.has(value.toString(16).padStart(12, '0'))) value += 0x1_00_00_00_00n;
  return value;
}
