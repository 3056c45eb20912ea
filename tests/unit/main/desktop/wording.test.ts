import { expect, it } from 'vitest';
import { wordingFor } from '../../../../main/desktop/wording.ts';

it.each([
  ['system', ['zh-Hans-CN', 'en'], 'zh-CN', '退出 Lockkeeper'],
  ['system', ['de-DE', 'en-GB'], 'en', 'Quit Lockkeeper'],
  ['system', [], 'en', 'Quit Lockkeeper'],
  ['en', ['zh-CN'], 'en', 'Quit Lockkeeper'],
  ['zh-CN', ['en-GB'], 'zh-CN', '退出 Lockkeeper'],
] as const)('speaks as %s with %j in %s', (choice, system, language, words) => {
  const wording = wordingFor(choice, system);
  expect(wording.language).toBe(language);
  expect(wording.t('desktop.tray.quit')).toBe(words);
});
