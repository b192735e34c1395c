import { FILTER_INSTRUCTION_SIZE, FILTER_SCRATCH_SIZE } from '../kernel/layout.js';
import { INSTRUCTIONS_MAX } from './assembly.js';
import { always, type Condition } from './condition.js';
import { filterFault } from './fault.js';
import { linkLayerOf } from './link.js';
import { parseExpression } from './parser.js';
import { programOf } from './program.js';
import { translate } from './translation.js';

/**
 * A filter for frames of one link type, as the kernel runs it: see kernel/layout.ts. `bytes` are the instructions and the
 * scratch words behind them; each kernel instance needs a copy of its own, aligned to 4.
 */
export interface FilterProgram {
  readonly bytes: Uint8Array;
  readonly instructions: number;
}

/** Reports what is wrong with an expression whatever the captures are. Throws InputError. */
export function checkFilter(expression: string): void {
  parseExpression(expression);
}

/**
 * Compiles an expression of pcap-filter(7) for frames of a link type, by LINKTYPE number; an empty one takes every frame.
 * `linkName` is what messages call captures of this type. Throws InputError whose diagnostic has an excerpt: for what
 * `checkFilter` tells, and for questions that this link type's frames cannot answer.
 */
export function compileFilter(
  expression: string,
  linkType: number,
  linkName = `link type ${linkType}`,
): FilterProgram {
  const words = programOf(conditionOf(expression, linkType, linkName), () =>
    filterFault(
      expression,
      { at: 0, length: expression.length },
      `needs more than ${INSTRUCTIONS_MAX} instructions, or more than 16 intermediate results`,
      'ask less in one expression',
    ),
  );
  const bytes = new Uint8Array(words.byteLength + FILTER_SCRATCH_SIZE);
  bytes.set(new Uint8Array(words.buffer));
  return { bytes, instructions: words.byteLength / FILTER_INSTRUCTION_SIZE };
}

function conditionOf(expression: string, linkType: number, linkName: string): Condition {
  const parsed = parseExpression(expression);
  if (parsed === undefined) return always(true);
  const layers = { text: expression, linkName, link: linkLayerOf(linkType), labels: 0 };
  return translate(layers, parsed);
}
