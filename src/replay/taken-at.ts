import { CAPTURE_INTERFACE, CAPTURE_SIZE } from '../kernel/layout.js';
import type { CaptureSource } from '../capture/source.js';
import type { CaptureTable } from '../engine/settings.js';
import type { MirroredNetwork } from '../model/decoding.js';
import { inputError } from '../model/diagnostic.js';
import type { Timeline } from '../policy/timeline.js';
import type { Admission } from './admission.js';

/**
 * Writes beside every capture the interface that it was taken at; the table, if some tell one and there are several.
 * Throws InputError for an interface that nobody described.
 */
export function tellInterfaces(
  { captures, captureView }: Admission,
  sources: readonly CaptureSource[],
  networks: readonly MirroredNetwork[],
  { phases }: Timeline,
): CaptureTable | undefined {
  const numbers = new Map(
    phases[0]!.policy.interfaces.map(({ eni }, position) => [eni.id, position + 1]),
  );
  const places = [
    ...sources,
    ...networks.map(({ vni, eni }) => ({ name: `--vni ${vni}`, takenAt: eni })),
  ];
  const taken = places.map(({ name, takenAt }) => {
    if (takenAt === undefined) return 0;
    const number = numbers.get(takenAt);
    if (number !== undefined) return number;
    const fact = `no interface ${takenAt} is in the VPC`;
    throw inputError('capture-interface', name, fact, 'name the interface that it was captured at');
  });
  if (places.length < 2 || taken.every((number) => number === 0)) return undefined;
  taken.forEach((number, i) =>
    captureView.setUint32(i * CAPTURE_SIZE + CAPTURE_INTERFACE, number, true),
  );
  return { table: captures, count: places.length };
}
