import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { registryAuth, registryCredentials } from '../../../../main/images/registry-credentials.ts';
import { temporaryFolder } from './images-under-test.ts';

const HUB = 'https://index.docker.io/v1/';
const pair = (text: string) => ({ auth: Buffer.from(text).toString('base64') });

function configFolder(config: unknown): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  return folder;
}

async function credentials(host: string, config: unknown, env: Record<string, string | undefined> = {}) {
  const found = await registryAuth(host, { configFolder: configFolder(config), env, helperTimeoutMs: 2000 });
  if (found.kind === 'none') return found.why;
  expect(found.header).toMatch(/^[\w-]+=*$/);
  expect(found.header.length % 4).toBe(0);
  return JSON.parse(Buffer.from(found.header, 'base64url').toString());
}

/** An environment whose PATH has a credential helper of this script. */
function helper(script: string, name = 'lab'): { PATH: string } {
  const folder = temporaryFolder();
  writeFileSync(join(folder, `docker-credential-${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: `${folder}:/usr/bin:/bin` };
}

describe('from the file', () => {
  test.each([HUB, 'index.docker.io', 'docker.io'])('those of Docker Hub are kept under %s', async (key) => {
    const expected = { username: 'me', password: 'a:b', serveraddress: HUB };
    expect(await credentials('docker.io', { auths: { [key]: pair('me:a:b') } })).toEqual(expected);
  });

  test.each(['r.example.com:5000', 'https://r.example.com:5000', 'http://r.example.com:5000/v2/'])(
    'those of another registry are kept under %s',
    async (key) => {
      const expected = { username: 'me', password: 'ÿ?>', serveraddress: 'r.example.com:5000' };
      expect(await credentials('r.example.com:5000', { auths: { [key]: pair('me:ÿ?>') } })).toEqual(expected);
    },
  );

  test('no host gets those of another', async () => {
    const auths = Object.fromEntries(
      [
        'example.com',
        'r.example.com:5000',
        'r.example.com.evil',
        'evil-r.example.com',
        'https://evil.r.example.com/v2/',
        'https://evil/r.example.com',
        HUB,
        'toString',
      ].map((key) => [key, pair('me:secret')]),
    );
    expect(await credentials('r.example.com', { auths })).toMatch(/config\.json has none for r\.example\.com$/);
    expect(await credentials('constructor', { auths })).toMatch(/none for constructor$/);
    expect(await credentials('__proto__', { auths: {} })).toMatch(/none for __proto__$/);
  });

  test('tokens, plain pairs and padded passwords', async () => {
    const of = (entry: object) => credentials('r.io', { auths: { 'r.io': entry } });
    const serveraddress = 'r.io';
    expect(await of({ ...pair('me:'), identitytoken: 't' })).toEqual({
      username: 'me',
      identitytoken: 't',
      serveraddress,
    });
    expect(await of({ registrytoken: 't' })).toEqual({ registrytoken: 't', serveraddress });
    expect(await of({ username: 'me', password: 'p' })).toEqual({ username: 'me', password: 'p', serveraddress });
    expect(await of(pair('me:p\0\0'))).toEqual({ username: 'me', password: 'p', serveraddress });
  });

  test.each([
    ['{"auths":', /is not valid JSON$/],
    [
      { auths: { 'r.io': { auth: 'not base64 of a pair' } } },
      /the "auth" of r\.io in .* is not base64 of NAME:PASSWORD$/,
    ],
    [{ auths: [] }, /is not a configuration of the Docker CLI \(see auths\)$/],
    ['[]', /is not a configuration of the Docker CLI/],
    [{ auths: { 'r.io': {} } }, /has none for r\.io$/],
    [{}, /has none for r\.io$/],
    [' '.repeat(1024 * 1024 + 1), /is larger than 1 MiB/],
  ])('%j is a reason', async (config, why) => {
    expect(await credentials('r.io', config)).toMatch(why);
  });

  test('a missing or unreadable file is a reason', async () => {
    const configFolder = temporaryFolder();
    expect(await registryAuth('r.io', { configFolder })).toEqual({
      kind: 'none',
      why: `there is no ${configFolder}/config.json`,
    });
    mkdirSync(join(configFolder, 'config.json'));
    expect(await registryAuth('r.io', { configFolder })).toMatchObject({ why: expect.stringContaining('is a folder') });
  });

  test('is found where the CLI looks for it', async () => {
    const auths = { 'r.io': pair('me:secret') };
    expect(await registryAuth('r.io', { env: { DOCKER_CONFIG: configFolder({ auths }) } })).toMatchObject({
      kind: 'found',
    });
    const home = temporaryFolder();
    mkdirSync(join(home, '.docker'));
    writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify({ auths }));
    expect(await registryAuth('r.io', { env: { HOME: home } })).toMatchObject({
      kind: 'found',
      source: `${home}/.docker/config.json`,
    });
  });
});

describe('from a helper', () => {
  const echo = `[ "$1" = get ] && read server && echo "{\\"ServerURL\\":\\"$server\\",\\"Username\\":\\"me\\",\\"Secret\\":\\"for $server\\"}"`;

  test('of the host, before the one for all, before the file', async () => {
    const auths = { 'r.io': pair('me:file') };
    const config = { auths, credsStore: 'nosuch', credHelpers: { 'r.io': 'lab' } };
    const expected = { username: 'me', password: 'for r.io', serveraddress: 'r.io' };
    expect(await credentials('r.io', config, helper(echo))).toEqual(expected);
    expect(await credentials('r.io', { auths, credsStore: 'lab' }, helper(echo))).toEqual(expected);
    expect(await credentials('other.io', config, helper(echo))).toMatch(/^docker-credential-nosuch is not in PATH/);
  });

  test('is asked for Docker Hub by its old address', async () => {
    const expected = { username: 'me', password: `for ${HUB}`, serveraddress: HUB };
    expect(await credentials('docker.io', { credsStore: 'lab' }, helper(echo))).toEqual(expected);
  });

  test('may have an identity token', async () => {
    const env = helper(`echo '{"Username":"<token>","Secret":"t"}'`);
    expect(await credentials('r.io', { credsStore: 'lab' }, env)).toEqual({
      identitytoken: 't',
      serveraddress: 'r.io',
    });
  });

  test.each([
    ["echo 'credentials not found in native keychain'; exit 1", /^docker-credential-lab has none for r\.io$/],
    ['echo secret; exit 3', /^docker-credential-lab failed with exit code 3 \(/],
    ['echo secret', /^docker-credential-lab did not print/],
    [`echo '{"Username":1}'`, /did not print/],
    ['echo null', /did not print/],
    ['kill -9 $$', /was ended by SIGKILL/],
    [
      'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done',
      /printed more than 65536 bytes/,
    ],
    ['exec sleep 60', /gave no answer within 2 s/],
    ['sleep 60 & sleep 60', /gave no answer within 2 s/],
  ])('%s is a reason without its output', async (script, why) => {
    const said = await credentials('r.io', { credsStore: 'lab' }, helper(script));
    expect(said).toMatch(why);
    expect(said).not.toContain('secret');
  });

  test.each(['../evil', 'a b', '$(touch x)', 'a/b', '-x', ''.padEnd(65, 'a')])('named %j is not run', async (name) => {
    expect(await credentials('r.io', { credsStore: name }, helper(echo))).toMatch(
      /is not a name of a credential helper/,
    );
  });

  test('is run once for all who want the same at the same time, and again for those who come later', async () => {
    const runs = join(temporaryFolder(), 'runs');
    const env = helper(`echo run >>${runs}; ${echo}`);
    const folder = configFolder({ credsStore: 'lab' });
    const credentialsOf = registryCredentials({ configFolder: folder, env });
    const count = () => readFileSync(runs, 'utf8').split('\n').length - 1;
    const found = await Promise.all(Array.from({ length: 10 }, () => credentialsOf('r.io')));
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['found']));
    expect(count()).toBe(1);
    await Promise.all([credentialsOf('r.io'), credentialsOf('other.io')]);
    expect(count()).toBe(3);
  });
});
