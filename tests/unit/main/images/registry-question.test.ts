import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../../main/engine/engine-client.ts';
import type { RegistryAuth } from '../../../../main/images/registry-credentials.ts';
import { askRegistry, inWords } from '../../../../main/images/registry-question.ts';
import { type RegistryTrouble, registryTroubles, troubleWords } from '../../../../shared/images/registry-trouble.ts';
import { digestOf } from './fake-engine.ts';

const DOCKER = { registry: 'docker.io', path: 'library/docker' };
const NONE: RegistryAuth = { kind: 'none', why: '/home/me/.docker/config.json has none for docker.io' };
const FOUND: RegistryAuth = { kind: 'found', header: 'secret', source: 'docker-credential-pass' };

function ask(distribution: () => Promise<string>, suffix = ':cli', auth: RegistryAuth = NONE) {
  return askRegistry({ engine: { distribution }, credentials: async () => auth }, DOCKER, suffix);
}

const failing = (status: number | undefined, message: string) => () => Promise.reject(new EngineError(status, message));

/** The words of engines 20.10 and 28.5, as they came in front of real registries and faults. */
const WORDS: readonly (readonly [number | undefined, string, RegistryTrouble])[] = [
  [500, 'Get "https://r/v2/": x509: certificate signed by unknown authority', 'issuer-unknown'],
  [
    500,
    'Get "https://r/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'issuer-unknown',
  ],
  [
    500,
    'Get "https://r/v2/": x509: certificate has expired or is not yet valid: current time 2026-11-29T00:40:16Z is after 2026-11-28T00:40:12Z',
    'certificate-expired',
  ],
  [500, 'Get "https://r/v2/": x509: certificate is valid for somebody-else.test, not r', 'certificate-misnamed'],
  [
    500,
    'Get "https://r/v2/": tls: failed to verify certificate: x509: certificate is not valid for any names, but wanted to match r',
    'certificate-misnamed',
  ],
  [
    500,
    'Get "https://10.1.1.1/v2/": x509: cannot validate certificate for 10.1.1.1 because it doesn\'t contain any IP SANs',
    'certificate-misnamed',
  ],
  [500, 'Get "https://r/v2/": remote error: tls: handshake failure', 'tls-failed'],
  [500, 'Get "https://r/v2/": http: server gave HTTP response to HTTPS client', 'no-tls'],
  [500, 'Get "https://r/v2/": dial tcp 192.0.2.3:443: connect: connection refused', 'unreached'],
  [500, 'Get "https://r/v2/": dial tcp 192.0.2.3:443: connect: no route to host', 'unreached'],
  [500, 'Get "https://r/v2/": dial tcp: lookup r: no such host', 'name-unknown'],
  [
    500,
    'Get "https://r/v2/": dial tcp: lookup r on 192.0.2.53:53: read udp 127.0.0.1:1->192.0.2.53:53: i/o timeout',
    'name-unknown',
  ],
  [
    500,
    'Get "https://r/v2/": dial tcp: lookup r on 192.0.2.53:53: dial udp 192.0.2.53:53: connect: network is unreachable',
    'name-unknown',
  ],
  [500, 'Get "https://r/v2/": proxyconnect tcp: dial tcp 127.0.0.1:3128: connect: connection refused', 'proxy'],
  [500, 'Get "https://r/v2/": proxyconnect tcp: dial tcp: lookup proxy.corp: no such host', 'proxy'],
  [500, 'Get "https://r/v2/": Proxy Authentication Required', 'proxy'],
  [500, 'Get "https://r/v2/": Service Unavailable', 'proxy'],
  [500, 'Get "https://r/v2/": EOF', 'cut-off'],
  [500, 'Head "https://r/v2/a/b/manifests/1": read tcp 1->2: read: connection reset by peer', 'cut-off'],
  [500, 'Get "https://r/v2/": net/http: request canceled (Client.Timeout exceeded while awaiting headers)', 'silent'],
  [500, 'Get "https://r/v2/": context deadline exceeded', 'silent'],
  [500, 'Get "https://r/v2/": net/http: TLS handshake timeout', 'silent'],
  [500, 'Get "https://r/v2/": dial tcp 192.0.2.9:443: i/o timeout', 'silent'],
  [undefined, 'no answer within 60 s', 'silent'],
  [429, 'toomanyrequests: You have reached your pull rate limit', 'rate-limited'],
  [500, 'toomanyrequests: You have reached your pull rate limit', 'rate-limited'],
  [500, 'error parsing HTTP 429 response body: unexpected end of JSON input: ""', 'rate-limited'],
  [500, 'received unexpected HTTP status: 429 Too Many Requests', 'rate-limited'],
  [500, 'received unexpected HTTP status: 503 Service Unavailable', 'out-of-order'],
  [500, 'received unexpected HTTP status: 500 Internal Server Error', 'out-of-order'],
  [500, 'Head "/v2/a/b/manifests/1": stopped after 10 redirects', 'redirects'],
  [500, 'Head "https://r/v2/": 302 response missing Location header', 'redirects'],
  [500, 'missing or empty Content-Type header', 'no-registry'],
  [500, "error unmarshalling content: invalid character '<' looking for beginning of value", 'no-registry'],
  [
    500,
    'error parsing HTTP 404 response body: invalid character \'<\' looking for beginning of value: "<html>"',
    'no-registry',
  ],
  [500, 'unknown: <html>not found</html>', 'no-registry'],
  [500, 'invalid checksum digest format', 'wrong-digest'],
  [401, 'unauthorized: authentication required', 'login-missing'],
  [
    403,
    'errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required\n',
    'login-missing',
  ],
  [500, 'Head "https://r/v2/a/manifests/1": no basic auth credentials', 'login-missing'],
  [500, 'errors:\ndenied: requested access to the resource is denied\n', 'login-missing'],
  [
    500,
    'error parsing HTTP 403 response body: invalid character \'<\' looking for beginning of value: "<html>"',
    'login-missing',
  ],
  [undefined, 'connect ENOENT /var/run/docker.sock', 'engine-away'],
  [undefined, 'socket hang up', 'engine-away'],
  [404, '(HTTP code 404) unexpected - Not Found\n', 'engine-cannot-ask'],
  [404, 'page not found', 'engine-cannot-ask'],
  [404, 'Path /v1.41/distribution/docker:cli/json is not supported', 'engine-cannot-ask'],
  [500, 'something else', 'other'],
];

describe('a question that came to nothing', () => {
  test.each(WORDS)('status %s with "%s" is %s', async (status, message, trouble) => {
    const answer = await ask(failing(status, message));
    expect(answer).toMatchObject({ trouble, cure: troubleWords(trouble, 'docker.io').cure });
    expect(answer).toMatchObject({ why: expect.stringContaining(`docker.io ${troubleWords(trouble, '').what}`) });
  });

  test('has a sign for each trouble', () => {
    const withCredentials = ['login-refused', 'forbidden'];
    expect(new Set([...WORDS.map(([, , trouble]) => trouble), ...withCredentials])).toEqual(new Set(registryTroubles));
  });

  test.each([
    [401, 'unauthorized: authentication required', 'login-refused'],
    [500, 'Head "https://r/v2/a/b/manifests/1": unauthorized: wrong credentials', 'login-refused'],
    [403, 'denied: requested access to the resource is denied', 'forbidden'],
    [500, 'errors:\ndenied: requested access to the resource is denied\n', 'forbidden'],
  ])('with credentials, status %s with "%s" is %s', async (status, message, trouble) => {
    expect(await ask(failing(status, message), ':cli', FOUND)).toMatchObject({ kind: 'denied', trouble });
  });

  test('says in words what is wrong and what to do', async () => {
    const words = async (status: number, message: string, auth: RegistryAuth = NONE) => {
      const answer = await ask(failing(status, message), ':cli', auth);
      return answer.kind === 'digest' ? '' : inWords(answer);
    };
    expect(await words(401, 'unauthorized')).toBe(
      'docker.io wants credentials, and /home/me/.docker/config.json has none for docker.io; run: docker login docker.io',
    );
    expect(await words(401, 'unauthorized', FOUND)).toBe(
      'docker.io does not accept the credentials from docker-credential-pass; run: docker login docker.io',
    );
    expect(await words(500, 'x509: certificate signed by unknown authority')).toBe(
      'docker.io has a TLS certificate that the engine does not trust, since it does not know the issuer ' +
        '(x509: certificate signed by unknown authority); put the certificate of its CA where the engine runs, ' +
        'as /etc/docker/certs.d/docker.io/ca.crt',
    );
  });

  test('stays on one line and short, whatever a registry says', async () => {
    const answer = await ask(failing(500, `first\n\u202esecond ${'x'.repeat(10_000)}`));
    const why = answer.kind === 'digest' ? '' : answer.why;
    expect(why).toMatch(/^docker\.io could not be asked \(first second x+…\)$/);
    expect(why.length).toBeLessThan(400);
  });

  test('is never thrown', async () => {
    const engine = { distribution: async () => digestOf('x') };
    const credentials = () => Promise.reject(new Error('boom'));
    expect(await askRegistry({ engine, credentials }, DOCKER, ':cli')).toMatchObject({ kind: 'away' });
    expect(await ask(() => Promise.reject(new TypeError('boom')))).toMatchObject({ kind: 'away' });
  });
});

describe('an answer', () => {
  test('that there is none is worded as what was asked for', async () => {
    const unknown = failing(404, 'manifest unknown: manifest unknown');
    const tag = 'docker.io does not have the tag cli in library/docker';
    expect(await ask(unknown)).toEqual({ kind: 'absent', why: tag });
    const digest = 'docker.io does not have an image with this digest in library/docker';
    expect(await ask(unknown, `@${digestOf('x')}`)).toEqual({ kind: 'absent', why: digest });
  });

  test('is a digest, and only the one that was asked for', async () => {
    expect(await ask(async () => digestOf('x'))).toEqual({ kind: 'digest', digest: digestOf('x') });
    expect(await ask(async () => digestOf('x'), `@${digestOf('x')}`)).toMatchObject({ kind: 'digest' });
    const wrong = { kind: 'broken', trouble: 'wrong-digest' };
    expect(await ask(async () => digestOf('x'), `@${digestOf('y')}`)).toMatchObject(wrong);
    expect(await ask(async () => 'latest')).toMatchObject(wrong);
    expect(await ask(async () => undefined as unknown as string)).toMatchObject(wrong);
  });
});
