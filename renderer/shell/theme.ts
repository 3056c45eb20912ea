const STORED = 'lockkeeper.theme';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export function chosenTheme(): Theme {
  const stored = window.localStorage.getItem(STORED);
  return themes.find((theme) => theme === stored) ?? 'system';
}

export function chooseTheme(theme: Theme): void {
  window.localStorage.setItem(STORED, theme);
  startTheme();
}

/** Lets the style sheet know of a theme that differs from the system's. */
export function startTheme(): void {
  const theme = chosenTheme();
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
