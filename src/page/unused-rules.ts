/** Lets the table of rules show those alone that were never used. */
export function filterRules(): void {
  const box = document.getElementById('unused-only') as HTMLInputElement | null;
  const table = document.getElementById('rules-table');
  box?.addEventListener('change', () => table?.classList.toggle('unused-only', box.checked));
}
