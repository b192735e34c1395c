import { IMAGE_HEADER, IMAGE_MAGIC, IMAGE_RULE_COUNT } from '../kernel/layout.js';
import { inputError } from '../model/diagnostic.js';
import type { ResolvedPolicy } from '../policy/resolve.js';
import { writeGroupSets } from './group-set.js';
import { IMAGE_BYTES_MAX, createWriter, putU32, reserve } from './image-writer.js';
import { writeInterfaces } from './interface-table.js';
import { writePaths } from './paths.js';
import { REPEATED_MAX } from './sharing.js';

/**
 * A resolved policy as one flat buffer, ready to be copied into kernel memory or sent to another thread:
 *
 *   header | interfaces, by address, MAC and delegated prefix | group sets | rule lists | peers
 *          address -> trie of all prefixes that rules name -> cover -> peers that hold it
 *          set -> side (direction, family) -> parts, its own and shared ones -> by peer, rules
 *
 * A lookup yields every matching rule: those of each prefix that covers the remote address. Rules are numbered as in
 * `ResolvedPolicy.rules`; interfaces and sets by their position.
 */
export interface RuleImage {
  readonly bytes: Uint8Array;
  readonly interfaceCount: number;
  readonly ruleCount: number;
}

/** Interface numbers have 20 bits in kernel records. */
const INTERFACES_MAX = (1 << 20) - 2;

/**
 * `ruleCount`: rules of the whole replay, of which the policy may hold some. `repeatedMax`: see `sharing.ts`. Throws
 * InputError when it is too large for an image.
 */
export function compileImage(
  policy: ResolvedPolicy,
  ruleCount = policy.rules.length,
  repeatedMax = REPEATED_MAX,
): RuleImage {
  const { interfaces, sets, paths } = policy;
  if (interfaces.length > INTERFACES_MAX) {
    throw inputError(
      'too-large',
      '',
      `${interfaces.length} interfaces are more than the ${INTERFACES_MAX} that sgsim holds`,
      'load one VPC at a time',
    );
  }
  const writer = createWriter();
  try {
    const header = reserve(writer, IMAGE_HEADER);
    putU32(writer, header, IMAGE_MAGIC);
    putU32(writer, header + IMAGE_RULE_COUNT, ruleCount);
    writeInterfaces(writer, header, interfaces);
    writePaths(writer, header, paths);
    writeGroupSets(writer, header, sets, repeatedMax);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw inputError(
      'too-large',
      '',
      `the compiled rules need more than ${IMAGE_BYTES_MAX >> 20} MB`,
      'load one VPC at a time',
    );
  }
  return {
    bytes: writer.bytes.slice(0, writer.size),
    interfaceCount: interfaces.length,
    ruleCount,
  };
}
