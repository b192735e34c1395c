import type { Refusal } from '../model/edit.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';

/** The interface that an edit names, by its id or by its instance's, which means the primary one (NI-1). */
export function findTarget(
  { interfaces }: VpcDescription,
  target: string,
): { readonly eni: NetworkInterface } | { readonly refusal: Refusal; readonly eni?: never } {
  if (!target.startsWith('i-')) {
    const eni = interfaces.find(({ id }) => id === target);
    return eni === undefined
      ? notFound('InvalidNetworkInterfaceID', `The networkInterface ID '${target}' does not exist`)
      : { eni };
  }
  const held = interfaces.filter(({ instanceId }) => instanceId === target);
  if (held.length === 0) {
    return notFound('InvalidInstanceID', `The instance ID '${target}' does not exist`);
  }
  const primary = held.find(({ deviceIndex }) => deviceIndex === 0);
  if (primary !== undefined) return { eni: primary };
  const [only] = held;
  if (held.length === 1 && only!.deviceIndex === undefined) return { eni: only! };
  return {
    refusal: {
      code: 'InvalidInstanceID',
      message:
        `The primary interface of instance '${target}' is not known. ` +
        'Please specify an interface ID for the operation instead.',
    },
  };
}

/** The description with another interface in the place of those with its id. */
export function withInterfaces(
  description: VpcDescription,
  ...changed: readonly NetworkInterface[]
): VpcDescription {
  const byId = new Map(changed.map((eni) => [eni.id, eni]));
  return {
    ...description,
    interfaces: description.interfaces.map((eni) => byId.get(eni.id) ?? eni),
  };
}

function notFound(kind: string, message: string): { readonly refusal: Refusal } {
  return { refusal: { code: `${kind}.NotFound`, message } };
}
