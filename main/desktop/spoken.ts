import { app } from 'electron';
import type { Preferences } from '../../shared/ipc/preferences.ts';
import { type Wording, wordingFor } from './wording.ts';

/** The wording as it is chosen now. */
export interface Spoken {
  now(): Wording;
  choose(preferences: Pick<Preferences, 'language'>): void;
}

export function spokenAs(chosen: Pick<Preferences, 'language'>): Spoken {
  const wordingAs = ({ language }: typeof chosen) => wordingFor(language, app.getPreferredSystemLanguages());
  let wording = wordingAs(chosen);
  return {
    now: () => wording,
    choose(preferences) {
      wording = wordingAs(preferences);
    },
  };
}
