import { useEffect, useLayoutEffect } from 'react';
import { defaultPreferences } from '../../shared/ipc/preferences.ts';
import { usePreferences } from '../live/live.tsx';
import { showLanguage } from '../texts/texts.ts';
import { showTheme } from './theme.ts';

/** Shows theme and language as they are chosen, in whichever window; as the system has them until that is known. */
export function useAppearance(): void {
  const { theme, language } = usePreferences() ?? defaultPreferences;
  // Before it is painted, so that the first page does not change its colours.
  useLayoutEffect(() => showTheme(theme), [theme]);
  useEffect(() => showLanguage(language), [language]);
}
