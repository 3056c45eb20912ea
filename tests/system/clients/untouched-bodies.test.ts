import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab, request } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { type RecordingEngine, recordingEngine } from './recording-engine.ts';

const lab = attachLab(inject('lab'));
const NAME = 'test-untouched';
const SOCKET = '/var/run/docker.sock';
let recorder: RecordingEngine;
let keeper: Running;

beforeAll(async () => {
  recorder = await recordingEngine(join(lab.work, 'recorder.sock'), lab.engineSocket);
  keeper = await startLockkeeper({ ...lab, engineUrl: recorder.url }, { images: ['docker:cli'] });
  for (const image of ['alpine', 'docker:cli']) await lab.dockerOutput(['pull', '-q', image]);
});
afterAll(async () => {
  await keeper.stop();
  await recorder.stop();
});
afterEach(async () => void (await lab.docker(['rm', '-f', '-v', NAME])));

/** What a parser would not give back as it was: numbers beyond a double, spaces, escapes, order, fields of the future. */
const ODD = `"Zukunft" : { "n":18446744073709551615, "d": 1.10, "e":1E2,"empty": {} , "u": "\\u00e4\\/ ä" },
  "Labels" :{"b":"2","a":"\\u0031"}`;

const create = (body: string, headers: Record<string, string> = {}) =>
  request(keeper.hostGate, `/v1.41/containers/create?name=${NAME}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

const sentBody = (body: string) => Buffer.from(body).toString('latin1');

describe('the body of a create', () => {
  it('without a socket arrives byte for byte', async () => {
    const body = `{ ${ODD}, "Image":"alpine",\n "HostConfig" : {"ShmSize":9007199254740993, "Binds":["/tmp:/t"], "Neu":[1, 2]}} \n`;
    expect((await create(body)).status).toBe(201);
    expect(recorder.sent()).toContain(`\r\n\r\n${sentBody(body)}`);
    expect(await lab.dockerOutput(['inspect', '-f', '{{.HostConfig.ShmSize}}', NAME])).toBe('9007199254740993');
  });

  it('in chunks arrives byte for byte', async () => {
    const body = `{ ${ODD}, "Image":"alpine" , "HostConfig":{"ShmSize":9007199254740993}}`;
    expect((await create(body, { 'transfer-encoding': 'chunked' })).status).toBe(201);
    expect(recorder.sent()).toContain(sentBody(body));
  });

  it('with a socket arrives with nothing else changed', async () => {
    const before = `{ ${ODD}, "Image":"docker:cli",\n "HostConfig" : {"ShmSize":9007199254740993 , "Binds" : `;
    const after = `, "Neu":[1, 2]}} \n`;
    const answer = await create(`${before}["/tmp:/t", "${SOCKET}:${SOCKET}"]${after}`);
    expect(answer.status).toBe(201);
    const sent = recorder.sent();
    const start = sent.indexOf(sentBody(before));
    const binds = sent.slice(start + sentBody(before).length, sent.indexOf(sentBody(after), start));
    expect(JSON.parse(binds)).toEqual(['/tmp:/t', expect.stringMatching(/:\/\.lockkeeper:ro$/)]);
  });
});

describe('other bodies', () => {
  it.each([
    ['/v1.41/networks/create', `{ "Name":"${NAME}-net" , "Zukunft":18446744073709551615,"Labels":{ "b":"2","a":"1"}}`],
    [
      '/v1.41/volumes/create',
      `{"Zukunft" : 18446744073709551615 ,"Name":"${NAME}-volume", "Labels":{"b":"2","a":"1"} }`,
    ],
    ['/v1.41/containers/nobody/update', `{"Memory": 9007199254740993 ,"Zukunft":1.10}`],
  ])('of POST %s arrive byte for byte', async (path, body) => {
    await request(keeper.hostGate, path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    await lab.docker(['network', 'rm', `${NAME}-net`]);
    await lab.docker(['volume', 'rm', `${NAME}-volume`]);
    expect(recorder.sent()).toContain(`\r\n\r\n${body}`);
  });
});
