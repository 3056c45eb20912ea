import { beforeEach, describe, expect, it } from 'vitest';
import { answerTo, type DashboardAnswer, refusedUpgrade } from '../../../../main/dashboard/requests.ts';
import { createVisitors, type Visitors } from '../../../../main/dashboard/visitors.ts';
import type { Asset } from '../../../../main/window-files/assets.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';

const index: Asset = { body: Buffer.from('index'), headers: {} };
const script: Asset = { body: Buffer.from('script'), headers: {} };
const assets = new Map([
  ['/', index],
  ['/assets/a.js', script],
]);
const ours = { host: ['127.0.0.1:80'] };
let now: number;
let recorded: EventBody[];
let visitors: Visitors;

beforeEach(() => {
  now = 0;
  recorded = [];
  visitors = createVisitors({ port: 80, record: (event) => recorded.push(event), now: () => now });
});

function get(url: string, cookie?: string, method = 'GET'): DashboardAnswer {
  const headersDistinct = { ...ours, ...(cookie !== undefined && { cookie: [cookie] }) };
  return answerTo({ method, url, headersDistinct }, { port: 80, visitors, assets });
}

/** The cookie of a visitor who came by a link, as the browser sends it back. */
function enter(): string {
  const home = get(`/?token=${visitors.token()}`);
  return (home.kind === 'home' ? (home.entry?.cookie ?? '') : '').replace(/;.*/, '');
}

const refused = (status: number) => ({ kind: 'refusal', refusal: { status } });

describe('a link', () => {
  it('lets one visitor in, with a cookie that no script and no other site gets to use', () => {
    const home = get(`/?token=${visitors.token()}`);
    expect(home).toEqual({
      kind: 'home',
      entry: {
        cookie: expect.stringMatching(/^lockkeeper-80=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
        proof: expect.stringMatching(/^[\w-]{43}$/),
      },
    });
  });

  it('is void after its first use', () => {
    const url = `/?token=${visitors.token()}`;
    get(url);
    expect(get(url)).toMatchObject(refused(401));
  });

  it('leads home without a new cookie whoever is known already', () => {
    const url = `/?token=${visitors.token()}`;
    const home = get(url);
    const cookie = home.kind === 'home' ? home.entry?.cookie.replace(/;.*/, '') : undefined;
    expect(get(url, cookie)).toEqual({ kind: 'home' });
  });

  it('is not used up by a look at its head', () => {
    const url = `/?token=${visitors.token()}`;
    expect(get(url, undefined, 'HEAD')).toMatchObject(refused(401));
    expect(get(url)).toMatchObject({ kind: 'home' });
  });

  it('is void after a quarter of an hour', () => {
    const url = `/?token=${visitors.token()}`;
    now = 15 * 60_000;
    expect(get(url)).toMatchObject(refused(401));
  });

  it.each(['/?token=', '/?token=x', '/?token=%00', '/?token'])('is none: %s', (url) => {
    visitors.token();
    expect(get(url)).toMatchObject(refused(401));
  });
});

describe('without a valid cookie', () => {
  it.each(['/', '/assets/a.js', '/nothing', '/contract'])('nothing is told: %s', (url) => {
    enter();
    for (const cookie of [undefined, '', 'lockkeeper-80=', 'lockkeeper-80=x', 'other=1']) {
      expect(get(url, cookie)).toMatchObject(refused(401));
    }
  });

  it('many tries are told from few, in the journal too, and nobody else is locked out', () => {
    const cookie = enter();
    const tries = Array.from({ length: 25 }, () => get('/?token=wrong'));
    expect(tries[19]).toMatchObject(refused(401));
    expect(tries[20]).toMatchObject({ kind: 'refusal', refusal: { status: 429, headers: { 'Retry-After': '60' } } });
    expect(get('/', 'lockkeeper-80=wrong')).toMatchObject(refused(429));
    expect(recorded).toEqual([{ type: 'lifecycle', what: 'alarm', detail: expect.stringContaining('127.0.0.1:80') }]);
    expect(get('/', cookie)).toMatchObject({ kind: 'asset' });
    expect(get(`/?token=${visitors.token()}`)).toMatchObject({ kind: 'home' });
    // Who tries no secret is told what to do, however often.
    expect(get('/')).toMatchObject(refused(401));
  });
});

describe('with a valid cookie', () => {
  it.each([
    ['/', index],
    ['/?x=1', index],
    ['/assets/a.js', script],
  ])('the window is served: %s', (url, asset) => {
    const cookie = enter();
    expect(get(url, cookie)).toEqual({ kind: 'asset', asset });
    expect(get(url, `a=b; ${cookie}; c=d`)).toEqual({ kind: 'asset', asset });
    expect(get(url, `lockkeeper-80=stale; ${cookie}`)).toEqual({ kind: 'asset', asset });
    expect(get(url, cookie, 'HEAD')).toEqual({ kind: 'asset', asset });
  });

  it.each([
    '/index.html',
    '/../package.json',
    '/assets/../../package.json',
    '/%2e%2e/package.json',
    '/assets/%2e%2e%2fa.js',
    '//assets/a.js',
    '/assets/a.js/',
    '/assets/',
    'http://127.0.0.1:80/',
    '*',
    '',
    '/__proto__',
    '/assets\\a.js',
  ])('there is nothing else: %s', (url) => {
    expect(get(url, enter())).toMatchObject(refused(404));
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'get'])('nothing is written: %s', (method) => {
    expect(get('/', enter(), method)).toMatchObject({ refusal: { status: 405, headers: { Allow: 'GET, HEAD' } } });
  });

  it('it does not matter who else has come, up to sixteen', () => {
    const cookies = Array.from({ length: 17 }, enter);
    expect(cookies.map((cookie) => get('/', cookie).kind)).toEqual(['refusal', ...Array(16).fill('asset')]);
  });
});

describe('our page', () => {
  const page = (cookie: string, ...protocols: string[]) =>
    visitors.isOurPage({ cookie: [cookie], 'sec-websocket-protocol': protocols });
  const entry = () => {
    const entered = visitors.enter(visitors.token());
    if (entered === undefined) throw new Error('a new token holds');
    return { proof: entered.proof, cookie: entered.cookie.replace(/;.*/, '') };
  };

  it('is where cookie and proof come together', () => {
    const { cookie, proof } = entry();
    expect(page(cookie, `lockkeeper, ${proof}`)).toBe(true);
    expect(page(cookie, 'lockkeeper', proof)).toBe(true);
  });

  it('is none with a cookie that another port was sent, or with the proof alone', () => {
    const [mine, other] = [entry(), entry()];
    for (const proof of ['', other.proof, mine.proof.slice(1), `${mine.proof}AAAA`, mine.cookie.slice(14)]) {
      expect(page(mine.cookie, `lockkeeper, ${proof}`)).toBe(false);
    }
    expect(visitors.isOurPage({ cookie: [mine.cookie] })).toBe(false);
    expect(page('', mine.proof)).toBe(false);
    expect(page('lockkeeper-80=stale', mine.proof)).toBe(false);
  });
});

describe('an upgrade', () => {
  const upgrade = (url: string, fields: Record<string, string[]>, isKnown: boolean) =>
    refusedUpgrade({ method: 'GET', url, headersDistinct: { ...ours, ...fields } }, { port: 80, visitors }, isKnown);
  const origin = { origin: ['http://127.0.0.1:80'] };

  it('is for our own page, at one address', () => {
    expect(upgrade('/contract', origin, true)).toBeUndefined();
    expect(upgrade('/contract', {}, true)).toMatchObject({ status: 403 });
    expect(upgrade('/contract', { origin: ['http://127.0.0.1:81'] }, true)).toMatchObject({ status: 403 });
    expect(upgrade('/', origin, true)).toMatchObject({ status: 404 });
    expect(upgrade('/contract?', origin, true)).toMatchObject({ status: 404 });
  });

  it('without a valid cookie is ended by its caller, until there are too many', () => {
    const stale = { ...origin, cookie: ['lockkeeper-80=stale'] };
    const tries = Array.from({ length: 21 }, () => upgrade('/contract', stale, false));
    expect(tries.slice(0, 20)).toEqual(Array(20).fill(undefined));
    expect(tries[20]).toMatchObject({ status: 429 });
  });
});
