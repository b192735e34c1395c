// What yargs asks of itself. The build puts this in the place of node's assert, which draws in the printing of colours and
// differences, and makes a text of both for a comparison that yargs lets fail at every start.

export function strictEqual(actual: unknown, expected: unknown): void {
  if (!Object.is(actual, expected)) throw new Error('not equal');
}

export function notStrictEqual(actual: unknown, expected: unknown, message?: string): void {
  if (Object.is(actual, expected)) throw new Error(message ?? 'equal');
}
