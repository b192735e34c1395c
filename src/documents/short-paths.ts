import * as z from 'zod/mini';
import { PATH_KINDS } from '../model/vpc.js';
import { readPrefix } from './cidr.js';
import type { Collected } from './collected.js';
import { shown } from './faults.js';
import { fail, inside, placeText } from './place.js';
import { readShape, type Item } from './shape.js';

/** Reads one entry of `paths`: what stands between the VPC and a remote prefix (CT-7, CT-23, SG-17). */
export function readShortPath({ value, place }: Item, into: Collected): void {
  const path = readShape(PATH, value, place);
  if (path === undefined) return;
  const via = PATH_KINDS.find((kind) => kind === path.via);
  if (via === undefined) {
    const fix = `write one of ${PATH_KINDS.join(', ')}`;
    fail(inside(place, 'via'), 'path', `${shown(path.via)} is no kind of path`, fix);
    return;
  }
  const prefix = readPrefix(path.to, inside(place, 'to'));
  if (prefix !== undefined) into.paths.push({ prefix, via, place: placeText(place) });
}

const PATH = z.strictObject({ to: z.string(), via: z.string() });
