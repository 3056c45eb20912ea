import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { catalogues, type Language, languageFor } from '../../shared/texts/catalogues.ts';

const STORED = 'lockkeeper.language';

/** Prepares the texts in the user's language: the one chosen here before, or the first known one of the browser's. */
export async function startTexts(): Promise<i18n> {
  const language = languageFor([window.localStorage.getItem(STORED) ?? '', ...navigator.languages]);
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: catalogues,
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = language;
  return i18next;
}

export function chooseLanguage(language: Language): void {
  window.localStorage.setItem(STORED, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}
