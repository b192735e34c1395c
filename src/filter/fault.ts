import { InputError } from '../model/diagnostic.js';
import { type Span, excerptOf } from '../model/span.js';

/** What is wrong with an expression, shown with a caret under the characters that are meant. */
export function filterFault(text: string, span: Span, fact: string, fix?: string): InputError {
  return new InputError([
    {
      severity: 'error',
      code: 'filter',
      place: 'filter expression',
      fact,
      ...(fix === undefined ? {} : { fix }),
      excerpt: excerptOf(text, span),
    },
  ]);
}
