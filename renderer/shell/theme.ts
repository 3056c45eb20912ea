import type { Theme } from '../../shared/ipc/preferences.ts';

/** Lets the style sheet know of a theme that differs from the system's. */
export function showTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
