import { CODE_BOOK, codesNear, entriesByKind, entriesOf } from '../model/code-book.js';
import { inputError } from '../model/diagnostic.js';
import { codeList, codePage, codesJson } from '../report/codes-text.js';
import { writeTo } from './output.js';

/** Prints what a code means, or all codes; returns the exit code. Throws InputError. */
export async function runExplain({
  code,
  json,
}: {
  readonly code: string | undefined;
  readonly json: boolean;
}): Promise<number> {
  const entries = code === undefined ? CODE_BOOK : entriesOf(code);
  if (code !== undefined && entries.length === 0) throw unknownCode(code);
  const text = code === undefined ? codeList(entriesByKind()) : codePage(entries);
  await writeTo(process.stdout, json ? codesJson(entries) : text);
  return 0;
}

function unknownCode(code: string): Error {
  const near = codesNear(code);
  const all = '`sgsim explain` lists all codes';
  const fix = near.length === 0 ? all : `did you mean ${near.join(', ')}? ${all}`;
  return inputError('usage', 'explain', `${JSON.stringify(code.slice(0, 60))} is no code`, fix);
}
