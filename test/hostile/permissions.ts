/** Bits of a byte's permission. */
export const READ = 1;
export const WRITE = 2;

/** Which bytes of memory the kernel may touch now. */
export interface Permissions {
  /** Lets `size` bytes at an address be touched until `revoke`. */
  readonly grant: (at: number, size: number, bits: number) => void;
  /** Lets them be touched until `reset`. */
  readonly keep: (at: number, size: number, bits: number) => void;
  readonly revoke: () => void;
  readonly reset: () => void;
  /** Throws where one of `size` bytes may not be touched so. `place` tells which access it is. */
  readonly check: (at: number, size: number, bits: number, place: number) => void;
}

/** For addresses below `size`; none others may ever be touched. */
export function createPermissions(size: number): Permissions {
  const granted = createPlane(size);
  const kept = createPlane(size);
  const { map } = granted;
  return {
    grant: granted.give,
    keep: kept.give,
    revoke: granted.clear,
    reset: () => {
      granted.clear();
      kept.clear();
    },
    check: (at, count, bits, place) => {
      for (let i = at; i < at + count; i++) {
        if ((map[i]! & bits) === bits || (kept.map[i]! & bits) === bits) continue;
        const what = bits === READ ? 'read' : 'written';
        throw new Error(
          `access ${place}: ${count} bytes at ${at} are ${what}, and byte ${i - at} of them may not be`,
        );
      }
    },
  };
}

interface Plane {
  readonly map: Uint8Array;
  readonly give: (at: number, count: number, bits: number) => void;
  readonly clear: () => void;
}

function createPlane(size: number): Plane {
  const map = new Uint8Array(size);
  let ranges: number[] = [];
  return {
    map,
    give: (at, count, bits) => {
      if (at < 0 || count < 0 || at + count > size) {
        throw new Error(`${count} bytes at ${at} are not in the memory`);
      }
      map.fill(bits, at, at + count);
      ranges.push(at, at + count);
    },
    clear: () => {
      for (let i = 0; i < ranges.length; i += 2) map.fill(0, ranges[i], ranges[i + 1]);
      ranges = [];
    },
  };
}
