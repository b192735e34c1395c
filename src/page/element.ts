import type { Mark } from '../report/html/verdict-mark.js';

type Child = Node | string | false | undefined;

/** An element with attributes and children. Texts become text nodes: nothing in them is markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number | boolean>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, '');
    else if (value !== false) made.setAttribute(key, String(value));
  }
  made.append(...children.filter((child) => child !== false && child !== undefined));
  return made;
}

/** The sign of a verdict, as the page's own markup has it. */
export function mark(which: Mark): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  made.setAttribute('class', `mark ${which}`);
  made.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#mark-${which}`);
  made.append(use);
  return made;
}

/** What stands in a data block of the page; undefined without one. */
export function dataOf(id: string): unknown {
  const block = document.getElementById(id);
  return block === null ? undefined : JSON.parse(block.textContent);
}
