import { IMAGE_PATHS4, IMAGE_PATHS6, PATH_DYNAMODB, PATH_NETWORK_LOAD_BALANCER } from './layout';
import { autoTracked, image } from './policy';
import { lookupPrefix } from './prefix-trie';
import { Visit, remoteHi, remoteLo } from './visit';

// What stands between the interface and the remote end (CT-7, CT-23).

/** Kind of the path, from 1; 0 when nothing is known of it. */
function pathOf(visit: Visit): u32 {
  const root = visit.v6 ? load<u32>(image, IMAGE_PATHS6) : load<u32>(image, IMAGE_PATHS4);
  if (root == 0) return 0;
  const hi = remoteHi(visit);
  const lo = remoteLo(visit);
  return visit.v6 ? lookupPrefix(image, root, hi, lo) : lookupPrefix(image, root, lo << 32, 0);
}

/** CT-4 (c): flows through it are tracked whatever the rules say. */
export function isAutoTracked(visit: Visit): bool {
  const path = pathOf(visit);
  return path != 0 && ((autoTracked >> (path - 1)) & 1) != 0;
}

export function isViaLoadBalancer(visit: Visit): bool {
  return pathOf(visit) == PATH_NETWORK_LOAD_BALANCER;
}

/** CT-7: entries that a connection takes of its instance's allowance. */
export function entriesOf(visit: Visit): u32 {
  return pathOf(visit) == PATH_DYNAMODB ? 2 : 1;
}
