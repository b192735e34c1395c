import * as layout from './layout';

/** How one capture is read, and what stopped the last look at it: see layout.ts. */
@unmanaged
export class Walk {
  format: u32;
  linkType: u32;
  capture: u32;
  interfaces: u32;
  interfaceCount: u32;
  fault: u32;
  skip: u64;
  frames: u64;
  latestNs: i64;
}

// A record that drifts from the layout does not compile.
if (offsetof<Walk>('linkType') != layout.WALK_LINK_TYPE) ERROR('walk: link type');
if (offsetof<Walk>('capture') != layout.WALK_CAPTURE) ERROR('walk: capture');
if (offsetof<Walk>('interfaces') != layout.WALK_INTERFACES) ERROR('walk: interfaces');
if (offsetof<Walk>('interfaceCount') != layout.WALK_INTERFACE_COUNT) ERROR('walk: interface count');
if (offsetof<Walk>('fault') != layout.WALK_FAULT) ERROR('walk: fault');
if (offsetof<Walk>('skip') != layout.WALK_SKIP) ERROR('walk: skip');
if (offsetof<Walk>('frames') != layout.WALK_FRAMES) ERROR('walk: frames');
if (offsetof<Walk>('latestNs') != layout.WALK_LATEST) ERROR('walk: latest');
