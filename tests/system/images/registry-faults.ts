import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { RegistryTrouble } from '../../../shared/images/registry-trouble.ts';
import { ACCOUNT, type Behaviour, type Lab, OTHER_REGISTRIES } from '../../lab/lab.ts';
import { listenInside } from '../../lab/listen-inside.ts';
import { etcFolder } from '../../lab/other-registries.ts';
import { eventually } from '../running.ts';
import { startAsking } from './asking.ts';

const { open, htpasswd, stranger } = OTHER_REGISTRIES;
const JSON_TYPE = { 'content-type': 'application/json' };
const MANIFEST_TYPE = { 'content-type': 'application/vnd.docker.distribution.manifest.v2+json' };

const isManifest = ({ url = '' }: IncomingMessage): boolean => url.includes('/manifests/');

/** Manifests are answered so; everything else by the real registry. */
function manifests(answer: (request: IncomingMessage, response: ServerResponse) => void): Behaviour {
  return (request, response, pass) => (isManifest(request) ? answer(request, response) : pass());
}

function status(code: number, headers: OutgoingHttpHeaders = {}, body = ''): Behaviour {
  return manifests((_request, response) => response.writeHead(code, headers).end(body));
}

function errors(code: string, message: string): string {
  return JSON.stringify({ errors: [{ code, message }] });
}

function redirect(to: (path: string) => string): Behaviour {
  return manifests(({ url = '' }, response) => response.writeHead(307, { location: to(url) }).end());
}

/** The real registry's answer with another digest in its head. */
function withDigest(digest: string): Behaviour {
  return (request, response, pass) => {
    const write = response.writeHead.bind(response);
    const changed = (code: number, headers: OutgoingHttpHeaders) =>
      write(code, { ...headers, 'docker-content-digest': digest });
    if (isManifest(request)) Object.assign(response, { writeHead: changed });
    pass();
  };
}

/** What the front in front of a working registry does, and what is made of it. */
export const FAULTS: readonly (readonly [string, Behaviour, RegistryTrouble | 'absent'])[] = [
  ['401 in the registry’s own words', status(401, JSON_TYPE, errors('UNAUTHORIZED', 'who are you?')), 'login-missing'],
  ['403 in the registry’s own words', status(403, JSON_TYPE, errors('DENIED', 'not you')), 'login-missing'],
  ['403 of a firewall', status(403, {}, '<html>forbidden</html>'), 'login-missing'],
  ['404 in the registry’s own words', status(404, JSON_TYPE, errors('MANIFEST_UNKNOWN', 'unknown')), 'absent'],
  ['404 of a web server', status(404, {}, '<html>not found</html>'), 'no-registry'],
  ['429 in the registry’s own words', status(429, JSON_TYPE, errors('TOOMANYREQUESTS', 'limit')), 'rate-limited'],
  ['429 of a load balancer', status(429, { 'retry-after': '120' }), 'rate-limited'],
  ['500', status(500, JSON_TYPE, errors('UNKNOWN', 'oh')), 'out-of-order'],
  ['502', status(502, {}, '<html>'), 'out-of-order'],
  ['503', status(503, { 'retry-after': '120' }), 'out-of-order'],
  ['504', status(504), 'out-of-order'],
  ['redirects in a circle', redirect((path) => path), 'redirects'],
  ['a redirect to a name without an address', redirect((path) => `https://nowhere.lab.test${path}`), 'name-unknown'],
  [
    'a redirect to a registry that wants credentials',
    redirect((path) => `https://${htpasswd}${path}`),
    'login-missing',
  ],
  ['a login page', (_request, response) => void response.writeHead(200).end('<html>'), 'no-registry'],
  ['a digest that is none', withDigest('latest'), 'wrong-digest'],
  ['the digest of something that is not there', withDigest(`sha256:${'1'.repeat(64)}`), 'absent'],
  ['an end before the answer', ({ socket }) => void socket.destroy(), 'cut-off'],
  [
    'an end in the middle of the answer',
    manifests((_request, response) => {
      response.writeHead(200, { ...MANIFEST_TYPE, 'content-length': '1000' });
      response.write('{"schemaVersion', () => response.destroy());
    }),
    'cut-off',
  ],
];

/** Each host that is wrong by itself, with what is made of it. */
export const WRONG_HOSTS: readonly (readonly [keyof typeof OTHER_REGISTRIES, RegistryTrouble])[] = [
  ['htpasswd', 'login-missing'],
  ['token', 'login-missing'],
  ['stranger', 'issuer-unknown'],
  ['expired', 'certificate-expired'],
  ['misnamed', 'certificate-misnamed'],
  ['plain', 'no-tls'],
  ['refusing', 'unreached'],
  ['nameless', 'name-unknown'],
  ['proxied', 'proxy'],
];

/** Publishes `a/b:1` for all of them; they share what they have. */
export async function publishEverywhere(lab: Lab): Promise<{ readonly digest: string }> {
  return lab.publish(`${open}/a/b:1`, { from: 'alpine', files: { '/b': '1' } });
}

export function frontOf(lab: Lab) {
  if (lab.others === undefined) throw new Error('this lab has no other registries');
  return lab.others.front;
}

/** The tests of what an engine makes of faults; they are the same for each. */
export function faultsAreNamed(labOf: () => Lab): void {
  test.each(FAULTS)('%s', async (_what, behaviour, trouble) => {
    const asking = await startAsking(labOf());
    const front = frontOf(labOf());
    front.behave(open, behaviour);
    try {
      const answer = await asking.ask(open);
      expect(answer).toMatchObject(trouble === 'absent' ? { kind: 'absent' } : { trouble });
      expect(answer).toMatchObject({ why: expect.stringMatching(new RegExp(`^${open} `)) });
    } finally {
      front.behave(open, undefined);
      await asking.close();
    }
  });

  test.each(WRONG_HOSTS)('a registry that is %s', async (host, trouble) => {
    const asking = await startAsking(labOf());
    expect(await asking.ask(OTHER_REGISTRIES[host])).toMatchObject({ trouble });
    await asking.close();
  });

  test('a registry that is stopped behind its load balancer, and is back', async () => {
    const asking = await startAsking(labOf());
    await labOf().others?.stop();
    try {
      expect(await asking.ask(open)).toMatchObject({ trouble: 'out-of-order' });
    } finally {
      await labOf().others?.start();
    }
    expect(await asking.ask(open)).toMatchObject({ kind: 'digest' });
    await asking.close();
  });

  test.each([
    ['407 Proxy Authentication Required', 'proxy'],
    ['403 Forbidden', 'proxy'],
    ['503 Service Unavailable', 'proxy'],
  ])('a proxy that answers %s', async (line, trouble) => {
    const proxy = createServer();
    proxy.on('connect', (_request, socket) => socket.end(`HTTP/1.1 ${line}\r\ncontent-length: 0\r\n\r\n`));
    const listener = await listenInside(basename(labOf().folder), '127.0.0.1', 3128);
    listener.on('connection', (socket) => proxy.emit('connection', socket));
    const asking = await startAsking(labOf());
    try {
      expect(await asking.ask(OTHER_REGISTRIES.proxied)).toMatchObject({ trouble });
    } finally {
      listener.close();
      await asking.close();
    }
  });

  test('a CA that is put where the engine looks for it counts at once', async () => {
    const asking = await startAsking(labOf());
    const certs = join(etcFolder(labOf().folder), 'docker/certs.d');
    mkdirSync(join(certs, stranger));
    copyFileSync(join(certs, open, 'ca.crt'), join(certs, stranger, 'ca.crt'));
    try {
      expect(await asking.ask(stranger)).toMatchObject({ kind: 'digest' });
    } finally {
      rmSync(join(certs, stranger), { recursive: true });
    }
    await asking.close();
  });

  test.each([
    [403, 'DENIED', 'forbidden'],
    [401, 'UNAUTHORIZED', 'login-refused'],
  ])('%s in spite of credentials', async (code, word, trouble) => {
    const asking = await startAsking(labOf(), { config: { auths: { [htpasswd]: ACCOUNT } } });
    frontOf(labOf()).behave(htpasswd, status(code, JSON_TYPE, errors(word, 'no')));
    try {
      expect(await asking.ask(htpasswd)).toMatchObject({ kind: 'denied', trouble });
    } finally {
      frontOf(labOf()).behave(htpasswd, undefined);
      await asking.close();
    }
  });

  test('an engine that is away, and is back', async () => {
    const lab = labOf();
    const asking = await startAsking(lab);
    const front = frontOf(lab);
    front.forget();
    front.behave(open, () => undefined);
    const interrupted = asking.ask(open);
    await eventually(async () => front.requests(open).length > 0, 'the question is under way');
    await lab.stopEngine('SIGKILL');
    front.behave(open, undefined);
    try {
      expect(await interrupted).toMatchObject({ trouble: 'engine-away' });
      expect(await asking.ask(open)).toMatchObject({ trouble: 'engine-away' });
    } finally {
      await lab.startEngine();
    }
    expect(await asking.ask(open)).toMatchObject({ kind: 'digest' });
    await asking.close();
  });

  test('a redirect to another host takes no credentials along', async () => {
    const front = frontOf(labOf());
    const asking = await startAsking(labOf(), { config: { auths: { [htpasswd]: ACCOUNT } } });
    front.forget();
    front.behave(htpasswd, (request, response, pass) => {
      const isAllowed = request.headers.authorization !== undefined && isManifest(request);
      if (isAllowed) response.writeHead(307, { location: `https://${stranger}${request.url}` }).end();
      else pass();
    });
    try {
      await asking.ask(htpasswd);
      expect(front.requests(htpasswd).some(({ authorization }) => authorization !== undefined)).toBe(true);
      const there = front.requests(stranger);
      expect(there.length).toBeGreaterThan(0);
      expect(there.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    } finally {
      front.behave(htpasswd, undefined);
      await asking.close();
    }
  });
}
