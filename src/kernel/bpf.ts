import { be16, be32 } from './bytes';
import {
  FILTER_ACCEPT,
  FILTER_ADD,
  FILTER_ADD_INDEX,
  FILTER_AND,
  FILTER_AND_INDEX,
  FILTER_CODE,
  FILTER_DIVIDE,
  FILTER_DIVIDE_INDEX,
  FILTER_HEADER_LENGTH,
  FILTER_IF_ABOVE,
  FILTER_IF_ABOVE_INDEX,
  FILTER_IF_EQUAL,
  FILTER_IF_EQUAL_INDEX,
  FILTER_IF_FALSE,
  FILTER_IF_FROM,
  FILTER_IF_FROM_INDEX,
  FILTER_IF_SET,
  FILTER_IF_TRUE,
  FILTER_INSTRUCTION_SIZE,
  FILTER_LOAD_BYTE,
  FILTER_LOAD_BYTE_AT,
  FILTER_LOAD_HALF,
  FILTER_LOAD_HALF_AT,
  FILTER_LOAD_LENGTH,
  FILTER_LOAD_NUMBER,
  FILTER_LOAD_SCRATCH,
  FILTER_LOAD_WORD,
  FILTER_LOAD_WORD_AT,
  FILTER_MULTIPLY,
  FILTER_MULTIPLY_INDEX,
  FILTER_NEGATE,
  FILTER_OPERAND,
  FILTER_OR,
  FILTER_OR_INDEX,
  FILTER_REMAINDER,
  FILTER_REMAINDER_INDEX,
  FILTER_SCRATCH_WORDS,
  FILTER_SHIFT_LEFT,
  FILTER_SHIFT_LEFT_INDEX,
  FILTER_SHIFT_RIGHT,
  FILTER_SHIFT_RIGHT_INDEX,
  FILTER_STORE_SCRATCH,
  FILTER_SUBTRACT,
  FILTER_SUBTRACT_INDEX,
  FILTER_TO_INDEX,
  FILTER_XOR,
  FILTER_XOR_INDEX,
} from './layout';

/**
 * Whether a frame of `captured` bytes, `wire` on the wire, passes a filter program: see layout.ts. A program that jumps
 * back, or ends without an answer, takes no frame, so that nothing is read outside the frame and the program, and it ends.
 */
export function runFilter(
  program: usize,
  instructions: u32,
  frame: usize,
  captured: u32,
  wire: u32,
): bool {
  const scratch = program + <usize>instructions * FILTER_INSTRUCTION_SIZE;
  let a: u32 = 0;
  let x: u32 = 0;
  let next: u32 = 0;
  while (next < instructions) {
    const at = program + <usize>next * FILTER_INSTRUCTION_SIZE;
    const k = load<u32>(at, FILTER_OPERAND);
    next++;
    switch (load<u32>(at, FILTER_CODE)) {
      case FILTER_ACCEPT:
        return true;
      case FILTER_LOAD_WORD:
        if (!holds(captured, k, 0, 4)) return false;
        a = be32(frame + k);
        break;
      case FILTER_LOAD_HALF:
        if (!holds(captured, k, 0, 2)) return false;
        a = be16(frame + k);
        break;
      case FILTER_LOAD_BYTE:
        if (!holds(captured, k, 0, 1)) return false;
        a = load<u8>(frame + k);
        break;
      case FILTER_LOAD_WORD_AT:
        if (!holds(captured, k, x, 4)) return false;
        a = be32(frame + x + k);
        break;
      case FILTER_LOAD_HALF_AT:
        if (!holds(captured, k, x, 2)) return false;
        a = be16(frame + x + k);
        break;
      case FILTER_LOAD_BYTE_AT:
        if (!holds(captured, k, x, 1)) return false;
        a = load<u8>(frame + x + k);
        break;
      case FILTER_HEADER_LENGTH:
        if (!holds(captured, k, 0, 1)) return false;
        x = ((<u32>load<u8>(frame + k)) & 15) << 2;
        break;
      case FILTER_IF_EQUAL:
        next = jump(at, a == k, next);
        break;
      case FILTER_IF_ABOVE:
        next = jump(at, a > k, next);
        break;
      case FILTER_IF_FROM:
        next = jump(at, a >= k, next);
        break;
      case FILTER_IF_SET:
        next = jump(at, (a & k) != 0, next);
        break;
      case FILTER_IF_EQUAL_INDEX:
        next = jump(at, a == x, next);
        break;
      case FILTER_IF_ABOVE_INDEX:
        next = jump(at, a > x, next);
        break;
      case FILTER_IF_FROM_INDEX:
        next = jump(at, a >= x, next);
        break;
      case FILTER_LOAD_LENGTH:
        a = wire;
        break;
      case FILTER_LOAD_NUMBER:
        a = k;
        break;
      case FILTER_LOAD_SCRATCH:
        a = load<u32>(scratch + ((<usize>(k & (FILTER_SCRATCH_WORDS - 1))) << 2));
        break;
      case FILTER_STORE_SCRATCH:
        store<u32>(scratch + ((<usize>(k & (FILTER_SCRATCH_WORDS - 1))) << 2), a);
        break;
      case FILTER_TO_INDEX:
        x = a;
        break;
      case FILTER_NEGATE:
        a = 0 - a;
        break;
      case FILTER_ADD:
        a += k;
        break;
      case FILTER_SUBTRACT:
        a -= k;
        break;
      case FILTER_MULTIPLY:
        a *= k;
        break;
      case FILTER_DIVIDE:
        if (k == 0) return false;
        a /= k;
        break;
      case FILTER_REMAINDER:
        if (k == 0) return false;
        a %= k;
        break;
      case FILTER_AND:
        a &= k;
        break;
      case FILTER_OR:
        a |= k;
        break;
      case FILTER_XOR:
        a ^= k;
        break;
      case FILTER_SHIFT_LEFT:
        a = k < 32 ? a << k : 0;
        break;
      case FILTER_SHIFT_RIGHT:
        a = k < 32 ? a >> k : 0;
        break;
      case FILTER_ADD_INDEX:
        a += x;
        break;
      case FILTER_SUBTRACT_INDEX:
        a -= x;
        break;
      case FILTER_MULTIPLY_INDEX:
        a *= x;
        break;
      case FILTER_DIVIDE_INDEX:
        if (x == 0) return false;
        a /= x;
        break;
      case FILTER_REMAINDER_INDEX:
        if (x == 0) return false;
        a %= x;
        break;
      case FILTER_AND_INDEX:
        a &= x;
        break;
      case FILTER_OR_INDEX:
        a |= x;
        break;
      case FILTER_XOR_INDEX:
        a ^= x;
        break;
      case FILTER_SHIFT_LEFT_INDEX:
        a = x < 32 ? a << x : 0;
        break;
      case FILTER_SHIFT_RIGHT_INDEX:
        a = x < 32 ? a >> x : 0;
        break;
      default:
        return false;
    }
  }
  return false;
}

/** Whether the frame holds `size` bytes at `k + x`, a sum that may be above 32 bits. */
function holds(captured: u32, k: u32, x: u32, size: u32): bool {
  return <u64>k + <u64>x + <u64>size <= <u64>captured;
}

/** Where a jump goes; nowhere if not ahead. */
function jump(at: usize, condition: bool, next: u32): u32 {
  const to = condition ? load<u32>(at, FILTER_IF_TRUE) : load<u32>(at, FILTER_IF_FALSE);
  return to >= next ? to : u32.MAX_VALUE;
}
