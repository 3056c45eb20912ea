import { en } from './en/index.ts';
import { zhCN } from './zh-cn/index.ts';

/** Every text that people read in the window, by language. Messages to docker clients are not among them: programs read those. */
export const catalogues = { en: { translation: en }, 'zh-CN': { translation: zhCN } } as const;

export type Language = keyof typeof catalogues;
export const languages = Object.keys(catalogues) as readonly Language[];

/** The first language that we have among those wanted (BCP 47 tags, the dearest first); English if none. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split('-')[0];
    const found = languages.find((language) => language.toLowerCase().split('-')[0] === base);
    if (found !== undefined) return found;
  }
  return 'en';
}
