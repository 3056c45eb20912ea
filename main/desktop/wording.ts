import type { TFunction } from 'i18next';
import type { LanguageChoice } from '../../shared/ipc/preferences.ts';
import { type Language, languageFor } from '../../shared/texts/catalogues.ts';
import { textsIn } from './texts.ts';

/** How what is outside of the pages speaks. */
export interface Wording {
  readonly language: Language;
  readonly t: TFunction;
  /** A time of RFC 3339 as people read it. */
  readonly time: (time: string) => string;
}

/** In the language that was chosen in the window, else in the first of the system's (BCP 47 tags) that we have. */
export function wordingFor(choice: LanguageChoice, systemLanguages: readonly string[]): Wording {
  const language = choice === 'system' ? languageFor(systemLanguages) : choice;
  const format = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
  return { language, t: textsIn(language), time: (time) => format.format(new Date(time)) };
}
