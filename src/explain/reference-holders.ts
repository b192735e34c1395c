import { prefixContains, prefixOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import type { NetworkInterface } from '../model/vpc.js';
import type { ResolvedInterface } from '../policy/resolve.js';

/** Which interface holds an address or a MAC (NI-2, NI-5), looked up in maps. */
export interface Holders {
  /** Undefined for a MAC that stands on no interface, or on several. */
  readonly byMac: ReadonlyMap<string, ResolvedInterface>;
  readonly byAddress: ReadonlyMap<string, ResolvedInterface>;
  /** Longest prefixes first. */
  readonly delegated: readonly {
    readonly length: number;
    readonly byPrefix: ReadonlyMap<string, ResolvedInterface>;
  }[];
}

export function indexHolders(interfaces: readonly ResolvedInterface[]): Holders {
  const byAddress = new Map<string, ResolvedInterface>();
  const byLength = new Map<number, Map<string, ResolvedInterface>>();
  for (const it of interfaces) {
    for (const address of it.eni.addresses) setFirst(byAddress, keyOf(address), it);
    for (const prefix of it.eni.delegated) {
      const byPrefix = byLength.get(prefix.length) ?? new Map<string, ResolvedInterface>();
      byLength.set(prefix.length, byPrefix);
      setFirst(byPrefix, keyOf(prefix), it);
    }
  }
  const delegated = [...byLength]
    .map(([length, byPrefix]) => ({ length, byPrefix }))
    .sort((one, other) => other.length - one.length);
  return { byMac: indexMacs(interfaces), byAddress, delegated };
}

/** The interface with that MAC, else the one that holds the address; an exact address beats a prefix. */
export function holderOf(
  { byMac, byAddress, delegated }: Holders,
  mac: string | undefined,
  address: Address,
): ResolvedInterface | undefined {
  const byLink = mac === undefined ? undefined : byMac.get(mac);
  const exact = byLink ?? byAddress.get(keyOf(address));
  if (exact !== undefined) return exact;
  for (const { length, byPrefix } of delegated) {
    const holder =
      length > widthOf(address) ? undefined : byPrefix.get(keyOf(prefixOf(address, length)));
    if (holder !== undefined) return holder;
  }
  return undefined;
}

/** NI-3: in the interface's own address set; another's exact address inside its delegated prefix is not. */
export function holdsAddress(
  { byAddress }: Holders,
  eni: NetworkInterface,
  address: Address,
): boolean {
  const { family, value } = address;
  if (eni.addresses.some((own) => own.family === family && own.value === value)) return true;
  return (
    !byAddress.has(keyOf(address)) &&
    eni.delegated.some((prefix) => prefixContains(prefix, address))
  );
}

function indexMacs(interfaces: readonly ResolvedInterface[]): Map<string, ResolvedInterface> {
  const byMac = new Map<string, ResolvedInterface>();
  const shared = new Set<string>();
  for (const it of interfaces) {
    const { mac } = it.eni;
    if (mac === undefined) continue;
    if (byMac.has(mac)) shared.add(mac);
    byMac.set(mac, it);
  }
  for (const mac of shared) byMac.delete(mac);
  return byMac;
}

/** Of two interfaces that claim the same address the first in document order holds it. */
function setFirst(map: Map<string, ResolvedInterface>, key: string, it: ResolvedInterface): void {
  if (!map.has(key)) map.set(key, it);
}

function widthOf({ family }: Address): number {
  return family === 4 ? 32 : 128;
}

function keyOf({ family, value }: Address): string {
  return `${family}:${value.toString(16)}`;
}
