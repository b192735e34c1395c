import { element } from './element.js';

/** A colour of the page's style as it is now, in the form that a canvas takes. */
export function pageColor(name: 'allow' | 'drop' | 'muted' | 'line'): string {
  const id = `color-${name}`;
  let probe = document.getElementById(id);
  if (probe === null) {
    probe = element('span', { id, class: `probe ${name}`, 'aria-hidden': 'true' });
    document.body.append(probe);
  }
  return getComputedStyle(probe).color;
}
