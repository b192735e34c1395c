import { element } from './element.js';

/** A button beside each command that puts it on the clipboard. */
export function addCopyButtons(): void {
  for (const command of document.querySelectorAll<HTMLElement>('.command')) {
    const code = command.querySelector('code')!;
    const button = element('button', { type: 'button', class: 'quiet copy' }, 'copy');
    button.addEventListener('click', () => void copy(code, button));
    command.append(button);
  }
}

/** Where a page may not write to the clipboard, the text is chosen, to be copied by hand. */
async function copy(code: HTMLElement, button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'copied';
  } catch {
    getSelection()?.selectAllChildren(code);
    button.textContent = 'chosen';
  }
}
