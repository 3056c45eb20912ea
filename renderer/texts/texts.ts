import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { LanguageChoice } from '../../shared/ipc/preferences.ts';
import { catalogues, type Language, languageFor } from '../../shared/texts/catalogues.ts';

/** Prepares the texts, in the system's language until it is known which was chosen. */
export async function startTexts(): Promise<void> {
  const tellDocument = (language: string) => {
    document.documentElement.lang = language;
  };
  i18next.on('languageChanged', tellDocument);
  await i18next.use(initReactI18next).init({
    lng: languageOf('system'),
    fallbackLng: false,
    resources: catalogues,
    interpolation: { escapeValue: false },
  });
}

export function showLanguage(choice: LanguageChoice): void {
  const language = languageOf(choice);
  if (language !== i18next.language) void i18next.changeLanguage(language);
}

function languageOf(choice: LanguageChoice): Language {
  return choice === 'system' ? languageFor(navigator.languages) : choice;
}
