import {
  ADMISSION_PROGRAMS,
  ADMISSION_PROGRAM_COUNT,
  ADMISSION_REFUSED,
  PROGRAM_AT,
  PROGRAM_INSTRUCTIONS,
  PROGRAM_LINK_TYPE,
  PROGRAM_SIZE,
} from '../kernel/layout.js';
import { linkTypeName } from '../capture/link-type.js';
import { allocate, bytesAt, viewAt } from '../engine/memory.js';
import { compileFilter } from '../filter/compile.js';
import { InputError, inputError } from '../model/diagnostic.js';

/** A filter expression, compiled for each link type that the captures have. */
export interface FrameFilter {
  /** Compiles for link types that were not met before. */
  prepare(linkTypes: ReadonlySet<number>): void;
  /** Throws InputError when a frame came whose link type cannot answer the expression. */
  check(): void;
}

/** Link types are told by 16 bits, but nobody has so many. */
const PROGRAMS_MAX = 512;

/** Lets `admission`, the address and view of the kernel's (see layout.ts), admit only what an expression matches. */
export function createFrameFilter(
  memory: WebAssembly.Memory,
  admission: DataView,
  expression: string,
): FrameFilter {
  const table = allocate(memory, PROGRAMS_MAX * PROGRAM_SIZE);
  const view = viewAt(memory, table, PROGRAMS_MAX * PROGRAM_SIZE);
  const known = new Set<number>();
  const refusals = new Map<number, InputError>();
  admission.setUint32(ADMISSION_PROGRAMS, table, true);

  const add = (linkType: number): void => {
    if (known.size === PROGRAMS_MAX) return;
    const at = known.size * PROGRAM_SIZE;
    known.add(linkType);
    view.setUint32(at + PROGRAM_LINK_TYPE, linkType, true);
    try {
      const { bytes, instructions } = compileFilter(expression, linkType, linkTypeName(linkType));
      const address = allocate(memory, bytes.length);
      bytesAt(memory, address, bytes.length).set(bytes);
      view.setUint32(at + PROGRAM_AT, address, true);
      view.setUint32(at + PROGRAM_INSTRUCTIONS, instructions, true);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refusals.set(linkType, error);
    }
    admission.setUint32(ADMISSION_PROGRAM_COUNT, known.size, true);
  };
  return {
    prepare: (linkTypes) => {
      if (linkTypes.size === known.size || known.size === PROGRAMS_MAX) return;
      for (const linkType of linkTypes) if (!known.has(linkType)) add(linkType);
    },
    check: () => {
      const refused = admission.getUint32(ADMISSION_REFUSED, true);
      const refusal = refusals.get(refused - 1);
      if (refusal !== undefined) throw refusal;
      if (refused === 0) return;
      const fact = `more than ${PROGRAMS_MAX} link types cannot be filtered`;
      throw inputError('filter', 'filter expression', fact, 'leave the filter out');
    },
  };
}
