import { type Markup, html } from './markup.js';

/** A part of the page, which the list of contents names. */
export interface PageSection {
  readonly id: string;
  readonly title: string;
  /** Beside its name in the list of contents. */
  readonly count?: string;
  readonly body: Markup;
}

/** A part under its heading; `lead` says in a sentence what it shows. */
export function sectionMarkup({ id, title, body }: PageSection): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section>`;
}
