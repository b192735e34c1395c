const THEMES = ['system', 'light', 'dark'] as const;

/** Colours of the page go by the system's, unless the button says otherwise; on paper they are light. */
export function followTheme(onChange: () => void): void {
  const button = document.getElementById('theme');
  const root = document.documentElement;
  let chosen: (typeof THEMES)[number] = 'system';
  const show = (theme: (typeof THEMES)[number]): void => {
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    onChange();
  };
  button?.addEventListener('click', () => {
    chosen = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length]!;
    button.textContent = `theme: ${chosen}`;
    show(chosen);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
  addEventListener('beforeprint', () => show('light'));
  addEventListener('afterprint', () => show(chosen));
}
