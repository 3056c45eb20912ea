import { on, once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { REQUEST_CAP } from '../../../shared/ipc/contract.ts';
import { attachLab } from '../../lab/lab.ts';
import { fate, type Visitor } from '../../unit/main/dashboard/served.ts';
import { type ServedWindow, serveWindow } from './serving.ts';

const lab = attachLab(inject('lab'));
let served: ServedWindow;
let visitor: Visitor;
let cookie: string;
let script: string;

beforeAll(async () => {
  served = await serveWindow(lab);
  visitor = await served.visit();
  cookie = visitor.cookie;
  const { body } = await served.ask('/', { headers: { cookie } });
  script = body.match(/src="\.(\/assets\/[^"]+\.js)"/)?.[1] ?? '';
});
afterAll(() => served.stop());

describe('the window', () => {
  it('is announced with a link that works once, in one line', async () => {
    expect(served.line).toMatch(
      /^lockkeeper: window in the browser, open once: http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/,
    );
    const path = served.link.slice(served.link.indexOf('/?'));
    const first = await served.ask(path);
    expect(first).toMatchObject({
      status: 303,
      headers: { location: expect.stringMatching(/^\/#proof=[\w-]{43}$/), 'cache-control': 'no-store' },
    });
    expect(first.headers['set-cookie']).toEqual([
      expect.stringMatching(/^lockkeeper-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    expect(await served.ask(path)).toMatchObject({
      status: 401,
      body: expect.stringContaining('lockkeeper dashboard'),
    });
  });

  it('is served whole to whoever came by a link', async () => {
    expect(await served.ask('/', { headers: { cookie } })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    });
    expect(await served.ask(script, { headers: { cookie } })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/javascript; charset=utf-8' },
    });
  });

  it('lets second browsers in by further links, and the first stay', async () => {
    const { cookie: second } = await served.visit();
    expect(second).not.toBe(cookie);
    for (const each of [cookie, second]) {
      expect((await served.ask('/', { headers: { cookie: each } })).status).toBe(200);
    }
  });

  it('has the same security headers on every answer', async () => {
    const answers = await Promise.all([
      served.ask('/', { headers: { cookie } }),
      served.ask(script, { headers: { cookie } }),
      served.ask('/'),
      served.ask('/nothing', { headers: { cookie } }),
      served.ask('/', { method: 'POST' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 404, 405]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
          "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });

  it('stands in no script and loads nothing from elsewhere', async () => {
    const { body } = await served.ask('/', { headers: { cookie } });
    expect(body).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(body).not.toMatch(/<style|\son\w+=|https?:|\/\/\w/);
    expect(body.match(/(?:src|href)="(?!\.\/assets\/)/)).toBeNull();
    expect((await served.ask(`${script}.map`, { headers: { cookie } })).status).toBe(404);
  });
});

describe('attacks on the window', () => {
  it.each([
    ['no cookie', {}],
    ['a wrong cookie', { cookie: 'lockkeeper-1=x' }],
    ['an empty one', { cookie: '=' }],
  ])('get nothing, not even a script: %s', async (_, headers) => {
    for (const path of ['/', script, '/nothing', '/contract']) {
      expect(await served.ask(path, { headers })).toMatchObject({ status: 401 });
    }
  });

  it('get nothing with a cookie of our name and another value', async () => {
    const headers = { cookie: `lockkeeper-${served.port}=${'A'.repeat(43)}` };
    expect(await served.ask(script, { headers })).toMatchObject({ status: 401 });
  });

  it('get nothing with a wrong token', async () => {
    const answer = await served.ask(`/?token=${'A'.repeat(43)}`);
    expect(answer).toMatchObject({ status: 401 });
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });

  it('by a foreign name that leads here (DNS rebinding) are refused', async () => {
    for (const host of ['attacker.example', `attacker.example:${served.port}`, '127.0.0.1', `[::1]:${served.port}`]) {
      expect(await served.ask('/', { headers: { cookie, host } })).toMatchObject({ status: 403 });
    }
    const host = `localhost:${served.port}`;
    expect(await served.ask('/', { headers: { cookie, host } })).toMatchObject({ status: 200 });
  });

  it.each(['cross-site', 'same-site'])('from pages that are %s are refused', async (site) => {
    const headers = { cookie, 'sec-fetch-site': site };
    expect(await served.ask('/', { headers })).toMatchObject({ status: 403 });
    expect(await served.ask(script, { headers })).toMatchObject({ status: 403 });
    expect(await served.ask(served.link.slice(served.link.indexOf('/?')), { headers })).toMatchObject({ status: 403 });
  });

  it.each([
    '/../../package.json',
    '/assets/../../main/lockkeeper.js',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/....//package.json',
    '/..\\..\\package.json',
    '//etc/passwd',
    '/index.html%00',
  ])('find no file outside: %s', async (path) => {
    expect(await served.ask(path, { headers: { cookie } })).toMatchObject({ status: 404 });
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('by other methods are refused: %s', async (method) => {
    const answer = await served.ask('/', { method, headers: { cookie } });
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  it('with endless heads are refused', async () => {
    expect(await served.ask('/', { headers: { cookie, 'x-filler': 'x'.repeat(10_000) } })).toMatchObject({
      status: 431,
    });
  });

  it('with heads that never end are cut off', async () => {
    const slow = connect(served.port, '127.0.0.1').on('error', () => undefined);
    slow.write('GET / HTTP/1.1\r\nHost: x\r\n');
    slow.resume();
    await once(slow, 'close');
  });

  it('by many connections keep nobody out who came by a link', async () => {
    const open = () => connect(served.port, '127.0.0.1').on('error', () => undefined);
    const many = Array.from({ length: 100 }, open);
    const hungUp = many.map((one) => once(one.resume(), 'close'));
    // More than are taken: the first are hung up on, without a word.
    await Promise.all(hungUp.slice(0, 20));
    expect(await served.ask('/', { headers: { cookie } })).toMatchObject({ status: 200 });
    const last = many.at(-1);
    last?.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\n\r\n`);
    await Promise.all(hungUp.slice(-1));
    const { cookie: other } = await served.visit();
    expect(await served.ask('/', { headers: { cookie: other } })).toMatchObject({ status: 200 });
    for (const one of many) one.destroy();
  });

  it.each([
    ['a head that cannot be read', 'NONSENSE\r\n\r\n', 400],
    ['two lengths', 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['another address in the line', 'GET http://127.0.0.1/ HTTP/1.1\r\nHost: attacker.example\r\n\r\n', 403],
    ['the way to another host', 'CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: x\r\n\r\n', undefined],
  ])('with %s get an answer as strict as any other', async (_, bytes, status) => {
    const socket = connect(served.port, '127.0.0.1').on('error', () => undefined);
    socket.write(bytes);
    const answer = await text(socket);
    if (status === undefined) return expect(answer).toBe('');
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    if (!bytes.startsWith('GET / HTTP/1.1\r\n\r\n'))
      expect(answer).toMatch(/Content-Security-Policy: default-src 'none'/i);
  });
});

describe('attacks on the contract', () => {
  const fateOf = async (options: object) => fate(served.socket(visitor, options));

  it('without an origin, or with a foreign one, are refused', async () => {
    const { port } = served;
    const headers = { cookie };
    expect(await fate(served.socket(visitor, { headers, origin: '' }))).toBe('refused 403');
    for (const origin of [
      'http://attacker.example',
      `http://127.0.0.1:${port + 1}`,
      `http://localhost:${port}`,
      'null',
    ]) {
      expect(await fateOf({ origin })).toBe('refused 403');
    }
  });

  it('by a foreign name, or from a foreign page, are refused', async () => {
    const host = `attacker.example:${served.port}`;
    expect(await fateOf({ headers: { cookie, host }, origin: `http://${host}` })).toBe('refused 403');
    expect(await fateOf({ headers: { cookie, 'sec-fetch-site': 'cross-site' } })).toBe('refused 403');
  });

  it('with no valid cookie, or with one alone that another port of this machine was sent, hear nothing', async () => {
    const { proof } = await served.visit();
    const stale = `lockkeeper-${served.port}=stale`;
    for (const wrong of [
      { ...visitor, cookie: '' },
      { ...visitor, cookie: stale },
      { cookie, proof: 'x' },
      { cookie, proof },
    ]) {
      const socket = served.socket(wrong);
      const heard: unknown[] = [];
      socket.on('message', (data) => heard.push(data));
      socket.on('open', () => socket.send('{"id":1,"request":"status","input":{}}'));
      expect(await fate(socket)).toBe('closed 1008');
      expect(heard).toEqual([]);
    }
  });

  it('by crowds of pages that are not known keep ours no place', async () => {
    const wrong = { ...visitor, cookie: '' };
    const fates = Array.from({ length: 60 }, () => fate(served.socket(wrong)));
    const known = served.socket(visitor);
    await once(known, 'open');
    const all = new Set(await Promise.all(fates));
    expect(all).toContain('closed 1008');
    expect([...all].filter((one) => !['closed 1008', 'refused 401', 'refused 429'].includes(one))).toEqual([]);
    known.close();
  });

  it.each([
    ['another protocol', { upgrade: 'h2c' }],
    ['a key that is none', { 'sec-websocket-key': 'x' }],
    ['a version that does not exist', { 'sec-websocket-version': '99' }],
  ])('with %s get an answer as strict as any other', async (_, odd) => {
    const socket = connect(served.port, '127.0.0.1').on('error', () => undefined);
    const origin = `http://127.0.0.1:${served.port}`;
    const fields = {
      Host: `127.0.0.1:${served.port}`,
      Connection: 'Upgrade',
      Origin: origin,
      Cookie: cookie,
      upgrade: 'websocket',
      'sec-websocket-key': 'MDEyMzQ1Njc4OWFiY2RlZg==',
      'sec-websocket-version': '13',
      'sec-websocket-protocol': `lockkeeper, ${visitor.proof}`,
      ...odd,
    };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET /contract HTTP/1.1\r\n${lines.join('')}\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain("Content-Security-Policy: default-src 'none'");
  });

  it('that flood it with pings and read no answer end', async () => {
    const socket = served.socket(visitor);
    socket.on('open', () => {
      socket.pause();
      for (let times = 0; times < 5_000; times += 1) socket.ping('x'.repeat(100));
      socket.resume();
    });
    expect(await fate(socket)).toBe('closed 1006');
  });

  it.each([
    ['no JSON', 'GET / HTTP/1.1', 1007],
    ['no frame', '{"id":1,"request":"status"} trailing', 1007],
    ['bytes', Buffer.from('{"id":1,"request":"status","input":{}}'), 1003],
    ['more than a request may have', JSON.stringify({ id: 1, request: 'x'.repeat(REQUEST_CAP), input: {} }), 1009],
  ])('end with %s', async (_, message, code) => {
    const socket = served.socket(visitor);
    socket.on('open', () => socket.send(message));
    expect(await fate(socket)).toBe(`closed ${code}`);
  });

  it.each(['nothing', '__proto__', 'toString'])(
    'by what is not in the contract get a named error: %s',
    async (name) => {
      const socket = served.socket(visitor);
      const frames = on(socket, 'message');
      await once(socket, 'open');
      socket.send(JSON.stringify({ id: 1, request: name, input: {} }));
      socket.send(JSON.stringify({ id: 2, subscribe: name, input: {} }));
      const heard: unknown[] = [];
      for await (const [data] of frames) {
        if (heard.push(JSON.parse(String(data))) === 3) break;
      }
      const unknown = { ok: false, error: { name: 'unknown-request' } };
      expect(heard.slice(1)).toMatchObject([
        { id: 1, answer: unknown },
        { id: 2, answer: unknown },
      ]);
    },
  );

  it('that flood it end', async () => {
    const socket = served.socket(visitor);
    socket.on('open', () => {
      for (let id = 0; id < 500; id += 1) socket.send(JSON.stringify({ id, request: 'status', input: {} }));
    });
    expect(await fate(socket)).toBe('closed 1013');
  });
});

// Last, since it uses up what wrong secrets are granted.
describe('trying secrets in rows', () => {
  it('is answered with 429, stands in the journal, and locks nobody out', async () => {
    for (let tries = 0; tries < 25; tries += 1) await served.ask(`/?token=${tries}`);
    expect(await served.ask('/?token=x')).toMatchObject({ status: 429, headers: { 'retry-after': '60' } });
    expect(await fate(served.socket({ ...visitor, cookie: `lockkeeper-${served.port}=stale` }))).toBe('refused 429');
    expect((await served.cli('events', '--json')).stdout).toContain('tries links or cookies of the window');
    expect(await served.ask('/', { headers: { cookie } })).toMatchObject({ status: 200 });
    expect((await served.visit()).cookie).toMatch(/^lockkeeper-/);
  });
});
