import { describe, expect, it } from 'vitest';
import { noticePage } from '../../../../main/desktop/notice.ts';
import { pageAnswer } from '../../../../main/desktop/page-answer.ts';

const asset = (text: string) => ({ body: Buffer.from(text), headers: { 'Content-Type': 'text/html; charset=utf-8' } });
const assets = new Map([
  ['/', asset('the window')],
  ['/assets/a.js', asset('script')],
]);
const answer = (url: string, method = 'GET', notice?: string) =>
  pageAnswer({ method, url }, { assets, notice: () => notice });

describe('the files that a page gets', () => {
  it('are those of the window', () => {
    expect(answer('app://lockkeeper/').body.toString()).toBe('the window');
    expect(answer('app://lockkeeper/?x#y').body.toString()).toBe('the window');
    expect(answer('app://lockkeeper/assets/a.js').body.toString()).toBe('script');
  });

  it.each([
    ['app://lockkeeper/../../etc/passwd', 'GET', 404],
    ['app://lockkeeper/%2e%2e/%2e%2e/etc/passwd', 'GET', 404],
    ['app://lockkeeper/assets', 'GET', 404],
    ['app://example/', 'GET', 404],
    ['app://lockkeeper/', 'POST', 405],
  ])('do not have %s with %s', (url, method, status) => expect(answer(url, method).status).toBe(status));

  it.each([
    ['app://lockkeeper/', 'GET'],
    ['app://lockkeeper/assets/a.js', 'GET'],
    ['app://lockkeeper/none', 'GET'],
    ['app://lockkeeper/', 'POST'],
  ])('come with the security policy: %s with %s', (url, method) => {
    const { headers } = answer(url, method);
    expect(headers['Content-Security-Policy']).toContain("default-src 'none'");
    expect(headers['Content-Security-Policy']).toContain("connect-src 'none'");
  });

  it('have the notice in place of the page while there is one, and the style sheets still', () => {
    expect(answer('app://lockkeeper/', 'GET', 'a notice').body.toString()).toBe('a notice');
    expect(answer('app://lockkeeper/assets/a.js', 'GET', 'a notice').body.toString()).toBe('script');
  });
});

describe('the notice', () => {
  it('has what happened in the language of the user, and no markup of the message', () => {
    const message = 'the folder /<script>&"x" is not ours';
    expect(noticePage({ kind: 'title', message }, 'en', ['/assets/a.css'])).toContain(
      '/&lt;script&gt;&amp;&quot;x&quot; is',
    );
    expect(noticePage({ kind: 'ended', message: '' }, 'zh-CN', [])).toContain('Lockkeeper 已停止');
  });
});
