import { inputError } from '../model/diagnostic.js';

/** An option's number, if it is a whole one in its range. Throws InputError. */
export function wholeNumber(value: number, option: string, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw inputError(
    'usage',
    option.length === 1 ? `-${option}` : `--${option}`,
    'is not a whole number in its range',
    `give a number from ${least} to ${most}`,
  );
}
