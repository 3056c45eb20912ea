import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { troubleWords } from '../../../shared/images/registry-trouble.ts';
import { ACCOUNT, type Lab, OTHER_REGISTRIES, request, startLab } from '../../lab/lab.ts';
import { listing } from '../../unit/main/images/listing.ts';
import { eventually } from '../running.ts';
import { startAsking } from './asking.ts';
import { frontOf, publishEverywhere, WRONG_HOSTS } from './registry-faults.ts';
import { type ResolvedLists, startLists } from './resolved.ts';

const SOCKET = '/var/run/docker.sock:/var/run/docker.sock';
const { open, htpasswd, token } = OTHER_REGISTRIES;
const imageOf = (host: string) => `${host}/a/b:1`;

let lab: Lab;
let digest: string;
beforeAll(async () => {
  lab = await startLab({ name: 'others', otherRegistries: true });
  digest = (await publishEverywhere(lab)).digest;
});
afterAll(() => lab?.stop());

describe('of a registry that does not tell', () => {
  let lists: ResolvedLists;
  beforeAll(async () => {
    await lab.dockerOutput(['pull', '-q', 'alpine']);
    const images = WRONG_HOSTS.map(([host]) => imageOf(OTHER_REGISTRIES[host]));
    for (const image of images) await lab.dockerOutput(['tag', 'alpine', image]);
    lists = await startLists(lab, { images });
  });
  afterAll(() => lists?.stop());

  test.each(WRONG_HOSTS)('(%s) the refusal and the allow list say %s, and what to do', async (name, trouble) => {
    const host = OTHER_REGISTRIES[name];
    const { what, cure, because } = troubleWords(trouble, host);
    const refused = await lab.docker(['create', '-v', SOCKET, imageOf(host)], { host: lists.keeper.url });
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(`its digest could not be confirmed because ${because};`);
    expect(refused.stderr).toContain(`${host} ${what}`);
    expect(refused.stderr).toContain(`; ${cure})`);
    const state = trouble === 'login-missing' ? 'denied' : 'unreachable';
    const entry = await lists.entry(imageOf(host), state);
    expect(entry).toMatchObject({ trouble, detail: expect.stringContaining(cure), images: [{ trouble }] });
  });

  test('the command line and the journal say it, too', async () => {
    const { code, stderr } = await lists.keeper.cli('refresh', '--all-stale');
    expect(code).toBe(1);
    const events = JSON.stringify(await lists.keeper.events());
    for (const [name, trouble] of WRONG_HOSTS) {
      const host = OTHER_REGISTRIES[name];
      const { what, cure } = troubleWords(trouble, host);
      expect(stderr).toMatch(new RegExp(`"${imageOf(host)}": ${host} ${what}.*; .*`));
      expect(stderr).toContain(cure);
      expect(events).toContain(`${imageOf(host)}: ${host} ${what}`);
    }
  });

  test.each([htpasswd, token])('(%s) a login cures it, without a restart', async (host) => {
    const login = ['login', '-u', ACCOUNT.username, '--password-stdin', host];
    await lab.dockerOutput(login, { stdin: ACCOUNT.password });
    // Nothing that another entry confirms, too.
    await lab.publish(imageOf(host), { from: 'alpine', files: { '/host': host } });
    await lab.dockerOutput(['pull', '-q', imageOf(host)]);
    const create = async () => lab.docker(['create', '-v', SOCKET, imageOf(host)], { host: lists.keeper.url });
    await eventually(async () => (await create()).code === 0, 'the login counts');
    await lists.entry(imageOf(host), 'match');
    digest = (await publishEverywhere(lab)).digest;
  });

  test('what the login left for the token server is an identity token, and is used as one', async () => {
    const { auths } = JSON.parse(readFileSync(join(lab.folder, 'client/config.json'), 'utf8'));
    expect(auths[token]).toMatchObject({ identitytoken: ACCOUNT.identityToken });
    frontOf(lab).forget();
    const asking = await startAsking(lab, { config: { auths } });
    expect(await asking.ask(token)).toEqual({ kind: 'digest', digest });
    const methods = frontOf(lab)
      .requests(token)
      .map(({ method, path }) => `${method} ${path.split('?')[0]}`);
    expect(methods).toContain('POST /token');
    await asking.close();
  });
});

describe('credentials of a helper', () => {
  const helping = (answer: object) => {
    const bin = mkdtempSync(join(lab.work, 'bin-'));
    const script = `#!/bin/sh\nread server; echo "$server" >>${bin}/asked; echo '${JSON.stringify(answer)}'\n`;
    writeFileSync(join(bin, 'docker-credential-lab'), script, { mode: 0o755 });
    return { env: { PATH: `${bin}:/usr/bin:/bin` }, asked: () => readFileSync(join(bin, 'asked'), 'utf8') };
  };

  test('open the registry that they are for, and no other hears of them', async () => {
    const { env, asked } = helping({ Username: ACCOUNT.username, Secret: ACCOUNT.password });
    const asking = await startAsking(lab, { config: { credHelpers: { [htpasswd]: 'lab' } }, env });
    frontOf(lab).forget();
    expect(await asking.ask(htpasswd)).toEqual({ kind: 'digest', digest });
    expect(await asking.ask(open)).toEqual({ kind: 'digest', digest });
    expect(await asking.ask(token)).toMatchObject({ trouble: 'login-missing' });
    expect(asked()).toBe(`${htpasswd}\n`);
    for (const host of [open, token]) {
      const secrets = frontOf(lab)
        .requests(host)
        .filter(({ authorization }) => authorization?.startsWith('Basic'));
      expect(secrets).toEqual([]);
    }
    await asking.close();
  });

  test('may be an identity token, which is told from a password that is not accepted', async () => {
    const { env } = helping({ Username: '<token>', Secret: ACCOUNT.identityToken });
    const asking = await startAsking(lab, { config: { credsStore: 'lab' }, env });
    expect(await asking.ask(token)).toEqual({ kind: 'digest', digest });
    await asking.close();
    const wrong = helping({ Username: ACCOUNT.username, Secret: 'guessed' });
    const refused = await startAsking(lab, { config: { credsStore: 'lab' }, env: wrong.env });
    for (const host of [token, htpasswd]) {
      const why = `${host} does not accept the credentials from docker-credential-lab`;
      expect(await refused.ask(host)).toMatchObject({ trouble: 'login-refused', why });
    }
    await refused.close();
  });
});

describe('questions', () => {
  test('to a registry that is slow keep no other waiting, and it gets four at a time', async () => {
    const asking = await startAsking(lab);
    const front = frontOf(lab);
    front.forget();
    front.behave(open, () => undefined);
    try {
      const tags = Array.from({ length: 12 }, (_, number) => `${open}/a/slow:${number}`);
      const all = asking.resolver.resolveAll(listing(tags));
      await eventually(async () => front.requests(open).length === 4, 'four are under way');
      expect(await asking.ask(htpasswd)).toMatchObject({ trouble: 'login-missing' });
      expect(front.requests(open)).toHaveLength(4);
      front.behave(open, undefined);
      expect(await all).toBe(false);
    } finally {
      front.behave(open, undefined);
      await asking.close();
    }
  });

  test('are not asked while a registry wants to be left alone, as long as it has said so in its message', async () => {
    const asking = await startAsking(lab);
    const front = frontOf(lab);
    const message = 'retry-after: 2m30s, allowed: 44000/minute';
    const body = JSON.stringify({ errors: [{ code: 'TOOMANYREQUESTS', message }] });
    const headers = { 'content-type': 'application/json', 'retry-after': '3600' };
    front.behave(open, ({ url = '' }, response, pass) =>
      url.includes('/manifests/') ? response.writeHead(429, headers).end(body) : pass(),
    );
    try {
      // The engine keeps the header to itself: only the message comes through.
      const answer = await request(lab.engineSocket, `/v1.41/distribution/${imageOf(open)}/json`);
      expect(answer).toMatchObject({ status: 429, body: expect.stringContaining(message) });
      expect(answer.headers['retry-after']).toBeUndefined();
      expect(await asking.ask(open)).toMatchObject({ trouble: 'rate-limited', toldWaitMs: 150_000 });
      front.behave(open, undefined);
      front.forget();
      asking.clock.ahead = 145_000;
      expect(await asking.ask(open)).toMatchObject({ why: expect.stringMatching(/, and is asked again in \d s$/) });
      expect(front.requests(open)).toEqual([]);
      asking.clock.ahead = 151_000;
      expect(await asking.ask(open)).toEqual({ kind: 'digest', digest });
    } finally {
      front.behave(open, undefined);
      await asking.close();
    }
  });

  test('of many at once are one', async () => {
    const asking = await startAsking(lab);
    frontOf(lab).forget();
    const answers = await Promise.all(Array.from({ length: 20 }, () => asking.ask(open)));
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['digest']));
    expect(
      frontOf(lab)
        .requests(open)
        .filter(({ method }) => method === 'HEAD'),
    ).toHaveLength(1);
    await asking.close();
  });
});
