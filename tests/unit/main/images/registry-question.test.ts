import { expect, test } from 'vitest';
import { EngineError } from '../../../../main/engine/engine-client.ts';
import type { RegistryAuth } from '../../../../main/images/registry-credentials.ts';
import { askRegistry } from '../../../../main/images/registry-question.ts';
import { digestOf } from './fake-engine.ts';

const DOCKER = { registry: 'docker.io', path: 'library/docker' };
const NONE: RegistryAuth = { kind: 'none', why: '/home/me/.docker/config.json has none for docker.io' };

function ask(distribution: () => Promise<string>, suffix = ':cli', auth = NONE) {
  return askRegistry({ engine: { distribution }, credentials: async () => auth }, DOCKER, suffix);
}

const failing = (status: number | undefined, message: string) => () => Promise.reject(new EngineError(status, message));

test.each([
  [404, 'manifest unknown: manifest unknown', 'absent', 'docker.io does not have the tag cli in library/docker'],
  [401, 'unauthorized: authentication required', 'denied', 'docker.io wants credentials, and /home/me'],
  [403, 'errors:\ndenied: requested access to the resource is denied', 'denied', 'run: docker login docker.io'],
  [500, 'Head "http://r/v2/a/manifests/1": no basic auth credentials', 'denied', 'wants credentials'],
  [500, 'errors:\ndenied: requested access to the resource is denied\n', 'denied', 'wants credentials'],
  [429, 'toomanyrequests: You have reached your pull rate limit', 'limited', 'takes no more questions for now'],
  [500, 'toomanyrequests: You have reached your pull rate limit', 'limited', 'takes no more questions for now'],
  [500, 'received unexpected HTTP status: 429 Too Many Requests', 'limited', 'takes no more questions'],
  [500, 'received unexpected HTTP status: 503 Service Unavailable', 'broken', 'docker.io is out of order'],
  [
    500,
    'Get "https://registry-1.docker.io/v2/": dial tcp: no such host',
    'away',
    'docker.io could not be reached (Get',
  ],
  [undefined, 'connect ENOENT /var/run/docker.sock', 'away', 'could not be reached (connect ENOENT'],
  [404, '(HTTP code 404) unexpected - Not Found\n', 'away', 'the engine does not answer GET /distribution'],
  [404, 'page not found', 'away', 'the engine does not answer GET /distribution'],
])('status %s with "%s" means %s', async (status, message, kind, why) => {
  expect(await ask(failing(status, message))).toEqual({ kind, why: expect.stringContaining(why) });
});

test('a missing digest is worded as one', async () => {
  const answer = await ask(failing(404, 'manifest unknown'), `@${digestOf('x')}`);
  expect(answer).toEqual({
    kind: 'absent',
    why: 'docker.io does not have an image with this digest in library/docker',
  });
});

test('credentials that are not accepted are told from missing ones, by where they come from', async () => {
  const auth: RegistryAuth = { kind: 'found', header: 'secret', source: 'docker-credential-pass' };
  const answer = await ask(failing(401, 'unauthorized'), ':cli', auth);
  expect(answer).toMatchObject({
    why: expect.stringContaining('does not accept the credentials from docker-credential-pass'),
  });
});

test('only a digest is taken for one, and only the one that was asked for', async () => {
  expect(await ask(async () => digestOf('x'))).toEqual({ kind: 'digest', digest: digestOf('x') });
  expect(await ask(async () => digestOf('x'), `@${digestOf('x')}`)).toMatchObject({ kind: 'digest' });
  expect(await ask(async () => digestOf('x'), `@${digestOf('y')}`)).toMatchObject({ kind: 'broken' });
  expect(await ask(async () => 'latest')).toMatchObject({ kind: 'broken' });
  expect(await ask(async () => undefined as unknown as string)).toMatchObject({ kind: 'broken' });
});

test('what a registry says stays on one line and short', async () => {
  const answer = await ask(failing(500, `first\n\u202esecond ${'x'.repeat(10_000)}`));
  const why = answer.kind === 'digest' ? '' : answer.why;
  expect(why).toMatch(/^docker\.io could not be reached \(first second x+…\)$/);
  expect(why.length).toBeLessThan(400);
});

test('nothing that goes wrong on the way is thrown', async () => {
  const engine = { distribution: async () => digestOf('x') };
  const credentials = () => Promise.reject(new Error('boom'));
  expect(await askRegistry({ engine, credentials }, DOCKER, ':cli')).toMatchObject({ kind: 'away' });
  expect(await ask(() => Promise.reject(new TypeError('boom')))).toMatchObject({ kind: 'away' });
});
