import { describe, expect, it } from 'vitest';
import { isOurFrame, isOurUrl } from '../../../../../main/desktop/bridge/origin.ts';

describe('the addresses of our own pages', () => {
  it.each(['app://lockkeeper/', 'app://lockkeeper/assets/a.js', 'app://lockkeeper/#/containers', 'app://lockkeeper'])(
    'have %s among them',
    (url) => expect(isOurUrl(url)).toBe(true),
  );

  it.each([
    'app://lockkeeper.example/',
    'app://lockkeeper@example/',
    'app://user@lockkeeper/',
    'app://user:word@lockkeeper/',
    'app://lockkeeper:80/',
    'app://example/app://lockkeeper/',
    'app:lockkeeper',
    'https://lockkeeper/',
    'blob:app://lockkeeper/0',
    'file:///app://lockkeeper/',
    'data:text/html,app://lockkeeper/',
    'about:blank',
    '',
  ])('do not have %s among them', (url) => expect(isOurUrl(url)).toBe(false));
});

describe('the frames that may speak to us', () => {
  const ours = { origin: 'app://lockkeeper', url: 'app://lockkeeper/', parent: null };
  it('are the uppermost of our pages', () => expect(isOurFrame(ours)).toBe(true));

  it.each([
    ['a frame that is gone', null],
    ['a frame in a page', { ...ours, parent: ours }],
    ['an opaque origin', { ...ours, origin: 'null' }],
    ['another origin', { ...ours, origin: 'https://example.com' }],
    ['another address', { ...ours, url: 'about:blank' }],
  ])('are not %s', (_what, frame) => expect(isOurFrame(frame)).toBe(false));
});
