import { printable } from '../../model/diagnostic.js';
import { presentable } from '../wrap.js';

/** A piece of HTML that is safe to put into a page. Made by `html` alone. */
export interface Markup {
  readonly markup: string;
}

type Value = Markup | string | number | false | undefined | readonly Value[];

/**
 * HTML from a template. What stands in the template is markup; what is put in is text, made `presentable` and escaped for
 * elements and quoted attributes, unless it is Markup itself. `false` and `undefined` are nothing.
 */
export function html(template: TemplateStringsArray, ...values: readonly Value[]): Markup {
  let markup = template[0]!;
  for (const [i, value] of values.entries()) markup += markupOf(value) + template[i + 1]!;
  return { markup };
}

/** Text that is shown line by line and never cut, such as a command to be copied. */
export function whole(text: string): Markup {
  return {
    markup: text
      .split('\n')
      .map((line) => escapeText(printable(line)))
      .join('\n'),
  };
}

/** Script or style, as it is: of our own make only. */
export function trusted(markup: string): Markup {
  return { markup };
}

/** JSON for a data block of a page: nothing in it ends the element that it stands in. */
export function jsonBlock(value: unknown): Markup {
  return { markup: JSON.stringify(value).replaceAll('<', '\\u003c') };
}

function markupOf(value: Value): string {
  if (value === false || value === undefined) return '';
  if (typeof value === 'string') return escapeText(presentable(value));
  if (typeof value === 'number') return String(value);
  if ('markup' in value) return value.markup;
  return value.map(markupOf).join('');
}

function escapeText(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
