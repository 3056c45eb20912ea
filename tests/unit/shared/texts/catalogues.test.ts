import { describe, expect, it } from 'vitest';
import { catalogues, languageFor, languages } from '../../../../shared/texts/catalogues.ts';

/** All texts by their dotted key. */
function flat(texts: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string' ? [[path + key, value] as const] : [...flat(value as object, `${path}${key}.`)],
    ),
  );
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
const english = flat(catalogues.en.translation);

describe.each(languages.filter((language) => language !== 'en'))('the texts in %s', (language) => {
  const texts = flat(catalogues[language].translation);

  it('are all there, and no others', () => {
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('fill in what the English ones fill in', () => {
    const differing = [...texts].filter(
      ([key, text]) => String(placeholders(text)) !== String(placeholders(english.get(key) ?? '')),
    );
    expect(differing).toEqual([]);
  });

  it('say something', () => {
    expect([...texts].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});

it.each([
  [['zh-CN'], 'zh-CN'],
  [['zh-Hans-SG', 'en'], 'zh-CN'],
  [['de-DE', 'en-GB'], 'en'],
  [['', 'fr'], 'en'],
  [[], 'en'],
])('speaks for %j the language %s', (wanted, language) => {
  expect(languageFor(wanted)).toBe(language);
});
