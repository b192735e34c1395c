import type { NetworkInterface } from '../model/vpc.js';
import type { Collected } from './collected.js';
import { addFault, cut, type Faults } from './faults.js';

/**
 * Interfaces with the idle limits of their instance's type where they set none themselves (CT-22). Of types that may
 * have another limit than 432,000 s each unknown one is told once.
 */
export function withTypeDefaults(
  interfaces: readonly NetworkInterface[],
  { typeIdleSeconds }: Collected,
  faults: Faults,
): readonly NetworkInterface[] {
  const unknown = new Map<string, { place: string; count: number }>();
  const joined = interfaces.map((eni) => {
    const { instanceType } = eni;
    if (instanceType === undefined) return eni;
    const idleSeconds = { ...typeIdleSeconds.get(instanceType), ...eni.idleSeconds };
    if (idleSeconds.tcpEstablished === undefined && generationOf(instanceType) >= NITRO_V6) {
      const known = unknown.get(instanceType);
      if (known === undefined) unknown.set(instanceType, { place: eni.place, count: 1 });
      else known.count++;
    }
    return { ...eni, idleSeconds };
  });
  for (const [type, { place, count }] of unknown) {
    const enis = count === 1 ? '1 interface' : `${count} interfaces`;
    const fact = `${enis} on ${cut(type)} may idle out TCP after 350 s: 432000 s is used`;
    const fix = `add the output of \`aws ec2 describe-instance-types --instance-types ${cut(type)}\``;
    addFault(faults, 'warning', 'idle-default', place, fact, fix);
  }
  return joined;
}

/** The generation of instance types whose hardware may be Nitro v6 (CT-21). */
const NITRO_V6 = 8;

/** The number after the family's letters: 8 for `m8g.large`, 0 for a name without one. */
const generationOf = (type: string): number => Number(/^[a-z]+(\d{1,3})/i.exec(type)?.[1] ?? 0);
