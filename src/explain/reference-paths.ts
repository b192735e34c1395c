import { prefixContains } from '../model/address.js';
import type { Address } from '../model/address.js';
import { AUTO_TRACKED } from '../model/path.js';
import { LOAD_BALANCER_SECONDS } from '../model/tracking.js';
import type { AutoTrackedEdition, IdleSeconds } from '../model/tracking.js';
import type { PathKind } from '../model/vpc.js';
import type { ResolvedPolicy } from '../policy/resolve.js';

/** CT-7: whether flows with a remote address are tracked whatever the rules say. */
export function isAutoTracked(
  policy: ResolvedPolicy,
  remote: Address,
  edition: AutoTrackedEdition,
): boolean {
  const via = pathTo(policy, remote);
  return via !== undefined && AUTO_TRACKED[edition].includes(via);
}

/** CT-23: idle limits of flows with a remote address, at an interface with limits of its own. */
export function limitsTowards(
  policy: ResolvedPolicy,
  remote: Address,
  own: IdleSeconds,
): IdleSeconds {
  return pathTo(policy, remote) === 'network-load-balancer' ? LOAD_BALANCER_SECONDS : own;
}

/** CT-7: entries that a connection with a remote address takes of its instance's allowance. */
export function entriesTowards(policy: ResolvedPolicy, remote: Address): number {
  return pathTo(policy, remote) === 'dynamodb' ? 2 : 1;
}

/** What is on the way to a remote address. The longest prefix tells; of several equal ones, the first. */
export function pathTo({ paths }: ResolvedPolicy, remote: Address): PathKind | undefined {
  const [longest] = paths
    .filter(({ prefix }) => prefixContains(prefix, remote))
    .sort((one, other) => other.prefix.length - one.prefix.length);
  return longest?.via;
}
