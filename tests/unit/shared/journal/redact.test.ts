import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PATH_CAP, redactPath } from '../../../../shared/journal/redact.ts';

const secret = 's3cr3tV4lue';

describe('redactPath keeps what is needed to understand a request', () => {
  it.each([
    '/_ping',
    '/v1.43/images/myimage/push?tag=latest',
    '/v1.43/images/create?fromImage=registry.example.com%3A5000%2Fteam%2Fapp&tag=1.2',
    '/v1.43/images/registry.example.com%2Fa@sha256:0123/json',
    '/v1.51/build?t=app%3A1&dockerfile=Dockerfile&nocache=1&session=abc&shmsize=0',
    '/containers/json?all=1&filters=%7B%22status%22%3A%7B%22running%22%3Atrue%7D%7D',
    '/commit?container=ab&repo=r&author=Ada+Lovelace&comment=hello',
    '/images/create?fromSrc=https%3A%2F%2Fexample.com%2Frootfs.tar&repo=r',
    '/build?remote=https://github.com/moby/moby.git%23main:dir',
    '/containers/ab/kill?signal=SIGKILL',
    '/containers/create?name=web&platform=linux%2Famd64',
    '/build?platform=%7B%22os%22%3A%22linux%22%7D',
    '/images/create?changes=CMD+%2Fbin%2Fsh',
    '/x?compass=north&signal=9&monkey=1&sort_keys=1&assign=2&bypass=1',
    '/images/my-token:1.2/json',
    '/containers/reykjavik-office-12/json?x=monkeyjungle-and-more&y=ewok-village-0123',
    '/x?',
    '/x?&&a&=b',
  ])('%s', (path) => {
    expect(redactPath(path)).toBe(path);
  });
});

describe('redactPath hides secrets', () => {
  it.each([
    [`/build?t=a&buildargs=%7B%22TOKEN%22%3A%22${secret}%22%7D&q=1`, '/build?t=a&buildargs=[redacted]&q=1'],
    [`/build?BuildArgs=${secret}`, '/build?BuildArgs=[redacted]'],
    [`/build?%62uildargs=${secret}`, '/build?%62uildargs=[redacted]'],
    [`/x?X-Registry-Auth=${secret}`, '/x?X-Registry-Auth=[redacted]'],
    [`/x?xRegistryAuth=${secret}&tag=1`, '/x?xRegistryAuth=[redacted]&tag=1'],
    [`/x?identitytoken=${secret}`, '/x?identitytoken=[redacted]'],
    [`/x?DB_PASSWORD=${secret}`, '/x?DB_PASSWORD=[redacted]'],
    [`/x?Authorization=Basic+${secret}`, '/x?Authorization=[redacted]'],
    [`/x?api_key=${secret}`, '/x?api_key=[redacted]'],
    [`/x?a=1;token=${secret};b=2`, '/x?a=1;token=[redacted];b=2'],
    [`/x?token=${secret}?x`, '/x?token=[redacted]'],
    [`/create?HostConfig=%7B%22Binds%22%3A%5B%22${secret}%22%5D%7D`, '/create?HostConfig=[redacted]'],
    [`/create?Env=A%3D${secret}&Env=B%3D${secret}`, '/create?Env=[redacted]&Env=[redacted]'],
    [`/create?Env%5B%5D=A%3D${secret}`, '/create?Env%5B%5D=[redacted]'],
    [`/create?HostConfig[Env][0]=A%3D${secret}`, '/create?HostConfig[Env][0]=[redacted]'],
    [`/create?Anything=%7B%22x%22%3A%22${secret}%22%7D`, '/create?Anything=[redacted]'],
    [`/create?%7B%22Image%22%3A%22${secret}%22%7D`, '/create?[redacted]'],
    [`/create?%7B%22Image%22%3A%22a=${secret}%22%7D`, '/create?[redacted]'],
    [`/create?name=%257B%2522x%2522%253A%2522${secret}%2522%257D`, '/create?name=[redacted]'],
    [`/x?filters=%7B%22label%22%3A%5B%22token%3D${secret}%22%5D%7D`, '/x?filters=[redacted]'],
    [`/import?changes=ENV+FOO%3D${secret}`, '/import?changes=[redacted]'],
    [`/import?changes=CMD+x%0Aenv+FOO+${secret}`, '/import?changes=[redacted]'],
    [`/volumes?o=addr%3Dnas%2Cpassword%3D${secret}`, '/volumes?o=[redacted]'],
    ['/x?q=eyJ1c2VybmFtZSI6ImEiLCJwYXNzd29yZCI6ImIifQ', '/x?q=[redacted]'],
    [`/x?q=ghp_${secret}0123456789`, '/x?q=[redacted]'],
    [
      `/images/create?fromSrc=https%3A%2F%2Fada%3A${secret}%40example.com%2Froot.tar&repo=r`,
      '/images/create?fromSrc=https://[redacted]@example.com/root.tar&repo=r',
    ],
    [`/build?remote=https://${secret}@github.com/a/b.git`, '/build?remote=https://[redacted]@github.com/a/b.git'],
    [`/build?remote=https://ada:x@${secret}@h/b`, '/build?remote=https://[redacted]@h/b'],
    [`/build?remote=https://ada:p/${secret}@h/b`, '/build?remote=https:[redacted]@h/b'],
    [`/images/ada:${secret}@h/x/json`, '/images/ada:[redacted]@h/x/json'],
    [`/create?b"uildargs=${secret}`, '/create?b"uildargs=[redacted]'],
    [`/build?remote=https://h/b%3FX-Sig%3D${secret}`, '/build?remote=https://h/b?[redacted]'],
    [`/x?pass=${secret}&pw=${secret}&key=${secret}`, '/x?pass=[redacted]&pw=[redacted]&key=[redacted]'],
    [`/x?filters=%7B%22label%22%3A%5B%22DB_PASS%3D${secret}%22%5D%7D`, '/x?filters=[redacted]'],
    [`/x?filters=%7B%22label%22%3A%5B%22APP_KEY%3D${secret}%22%5D%7D`, '/x?filters=[redacted]'],
    [`/x?filters=%7B%22label%22%3A%5B%22pass%5Cu0077ord%3D${secret}%22%5D%7D`, '/x?filters=[redacted]'],
    [`/x%3Fpassword=${secret}`, '/[redacted]'],
    [`/v1.43/build;token%3D${secret}?t=a`, '/[redacted]?t=a'],
    ['/x?q=SWMTKN-1-0123-abc&r=SWMKEY-1-abc', '/x?q=[redacted]&r=[redacted]'],
    ['/x?q=ASIAABCDEFGHIJKLMNOP', '/x?q=[redacted]'],
    [`/images/https%3A%2F%2Fada%3A${secret}%40h%2Fx/json`, '/images/https%3A%2F%2F[redacted]%40h%2Fx/json'],
  ])('%s', (path, shown) => {
    expect(redactPath(path)).toBe(shown);
  });

  it.each([
    '{"username":"a","password":"b"}',
    '{ "username": "a" }',
    '{\n  "username": "a"\n}',
    '{\r\n"username": "a"}',
    '{\n\t"username": "a"}',
    '[{"username":"a"}]',
    '[\n  {"username": "a"}\n]',
  ])('in base64, however the JSON is laid out: %j', (credentials) => {
    for (const encoding of ['base64', 'base64url'] as const) {
      const encoded = Buffer.from(credentials).toString(encoding);
      expect(redactPath(`/x?q=${encodeURIComponent(encoded)}`)).toBe('/x?q=[redacted]');
    }
  });

  it('whatever stands around a secret parameter and however it is encoded', () => {
    const noise = fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 });
    const name = fc.constantFrom('token', 'Password', 'buildargs', 'X-Registry-Auth', 'client_secret', 'env');
    const layers = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(noise, name, layers, noise, (before, key, count, after) => {
        let encoded: string = key;
        for (let layer = 0; layer < count; layer += 1) {
          encoded = [...encoded].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
        }
        const path = `/x?${before.join('&')}&${encoded}=${secret}&${after.join('&')}`;
        expect(redactPath(path)).not.toContain(secret);
      }),
    );
  });

  it('only once: redacting again changes nothing', () => {
    const piece = fc.oneof(
      fc.constantFrom('?', '&', '=', '%', '%25', '%7B', '://', '@', 'token', 'https://a:b@c/d?e', '[redacted]', ';'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const once = redactPath(`/${pieces.join('')}`);
        expect(redactPath(once)).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('redactPath is bounded', () => {
  it('caps what it gives back', () => {
    expect(redactPath(`/${'a'.repeat(5000)}`)).toHaveLength(PATH_CAP);
    expect(redactPath(`/?${'a=b&'.repeat(5000)}`)).toHaveLength(PATH_CAP);
  });

  it('never shows a secret that stands across the cap', () => {
    for (let pad = PATH_CAP - 60; pad < PATH_CAP; pad += 1) {
      expect(redactPath(`/?a=${'b'.repeat(pad)}&u=https://ada:${secret}@h/x`)).not.toContain('s3cr');
    }
  });

  it.each(['token', '://', '%3a%2f%2f', 'auth.', '%25', 'password"', 'a&', 'env ', '%7B', 'eyJ', ':', ' ', '\\'])(
    'takes a MiB of %j in its stride',
    (piece) => {
      const text = piece.repeat(Math.ceil(1_048_576 / piece.length));
      const started = process.cpuUsage();
      redactPath(`/x?q=${text}`);
      redactPath(`/x?${text}`);
      redactPath(`/${text}@`);
      // Of this process alone, since tests run side by side.
      expect(process.cpuUsage(started).user / 1000).toBeLessThan(2000);
    },
  );
});
