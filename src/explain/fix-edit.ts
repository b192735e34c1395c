import { applyEdit } from '../edits/apply.js';
import { type Applied, refuse } from '../edits/refusal.js';
import type { FixEdit } from '../model/explanation.js';
import type { IdleSeconds } from '../model/tracking.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';

/** What AWS accepts as idle limits, in seconds (CT-21). */
export const IDLE_RANGES: Readonly<Record<keyof IdleSeconds, readonly [number, number]>> = {
  tcpEstablished: [60, 432_000],
  udp: [30, 60],
  udpStream: [60, 180],
};

/** Applies one edit of a fix as AWS would, like `applyEdit`. */
export function applyFixEdit(
  description: VpcDescription,
  edit: FixEdit,
  nextRuleId: () => string,
): Applied {
  if (edit.kind === 'source-dest-check-off') {
    return withInterface(description, edit.eni, (eni) => ({ ...eni, sourceDestCheck: false }));
  }
  return edit.kind === 'idle-limit'
    ? setIdleLimit(description, edit)
    : applyEdit(description, edit, nextRuleId);
}

/** CT-21. */
function setIdleLimit(
  description: VpcDescription,
  { eni: id, limit, seconds }: Extract<FixEdit, { kind: 'idle-limit' }>,
): Applied {
  const [least, most] = IDLE_RANGES[limit];
  if (seconds < least || seconds > most) {
    return refuse('InvalidParameterValue', `${seconds} s is not within ${least} to ${most} s`);
  }
  return withInterface(description, id, (eni) => ({
    ...eni,
    idleSeconds: { ...eni.idleSeconds, [limit]: seconds },
  }));
}

function withInterface(
  description: VpcDescription,
  id: string,
  change: (eni: NetworkInterface) => NetworkInterface,
): Applied {
  const { interfaces } = description;
  if (!interfaces.some((eni) => eni.id === id)) {
    const message = `The networkInterface ID '${id}' does not exist`;
    return refuse('InvalidNetworkInterfaceID.NotFound', message);
  }
  const changed = interfaces.map((eni) => (eni.id === id ? change(eni) : eni));
  return { description: { ...description, interfaces: changed } };
}
