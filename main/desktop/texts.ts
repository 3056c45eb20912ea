import { createInstance, type TFunction } from 'i18next';
import { catalogues, type Language } from '../../shared/texts/catalogues.ts';

/** The texts of the window for what is outside of it. */
export function textsIn(language: Language): TFunction {
  const texts = createInstance();
  void texts.init({
    lng: language,
    fallbackLng: false,
    resources: catalogues,
    interpolation: { escapeValue: false },
    // Everything is at hand: the texts are there when this returns.
    initAsync: false,
  });
  return texts.t;
}
