import { classifyStage } from './classify.js';
import { decodeStage } from './decode.js';
import { expiryStage } from './expiry.js';
import { fragmentsStage } from './fragments.js';
import { hitStage } from './hit.js';
import { ipv6Stage } from './ipv6.js';
import { missStage } from './miss.js';
import type { StageMaker } from './stage.js';

/** By name, in the order of a packet's way. */
export const STAGES: Readonly<Record<string, StageMaker>> = {
  decode: decodeStage,
  classify: classifyStage,
  hit: hitStage,
  miss: missStage,
  expiry: expiryStage,
  ipv6: ipv6Stage,
  fragments: fragmentsStage,
};
