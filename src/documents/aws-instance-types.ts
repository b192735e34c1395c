import * as z from 'zod/mini';
import type { Collected } from './collected.js';
import { readIdleSeconds } from './idle-seconds.js';
import { inside, type Place } from './place.js';
import { optionalNumber, readShape } from './shape.js';

/** Reads one entry of describe-instance-types for the idle limits that interfaces have by default (CT-22). */
export function readInstanceType(value: unknown, place: Place, into: Collected): void {
  const type = readShape(INSTANCE_TYPE, value, place);
  const defaults = type?.NetworkInfo?.ConnectionTrackingConfiguration;
  if (type === undefined || defaults === undefined || defaults === null) return;
  const at = inside(inside(place, 'NetworkInfo'), 'ConnectionTrackingConfiguration');
  into.typeIdleSeconds.set(type.InstanceType, readIdleSeconds(defaults, 'awsDefault', at));
}

const INSTANCE_TYPE = z.object({
  InstanceType: z.string(),
  NetworkInfo: z.nullish(
    z.object({
      ConnectionTrackingConfiguration: z.nullish(
        z.object({
          DefaultTcpEstablishedTimeout: optionalNumber,
          DefaultUdpTimeout: optionalNumber,
          DefaultUdpStreamTimeout: optionalNumber,
        }),
      ),
    }),
  ),
});
