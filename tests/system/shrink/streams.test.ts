import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { attachLab, request } from '../../lab/lab.ts';
import { dial, head } from '../gate/raw-client.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';
import { beginAll, endAll, openOf, type Stream, socketOf } from './streams.ts';

const lab = attachLab(inject('lab'));
const BIND = '/var/run/docker.sock:/var/run/docker.sock';
const ALL = ['logs', 'events', 'attach', 'exec', 'wait', 'session'];
const LISTED = { images: ['docker:cli'] };
let keeper: Running;
/** Runs `cat` on an open input and holds a socket. */
let container: string;
type Streams = Readonly<Record<string, Stream>>;
let [held, standing, host]: Streams[] = [];
let isShrunk = false;
let sockets: { held: string; standing: string; host: string };

beforeAll(async () => {
  keeper = await startLockkeeper(lab, LISTED);
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
  container = await lab.dockerOutput(['run', '-di', '-v', BIND, 'docker:cli', 'cat'], { host: keeper.url });
  sockets = {
    held: socketOf(keeper, container),
    standing: keeper.standing.replace('unix://', ''),
    host: keeper.hostGate,
  };
});
afterAll(async () => {
  await lab.docker(['rm', '-f', container]);
  await keeper.stop();
});
beforeEach(async () => {
  if (isShrunk) await keeper.apply(LISTED);
  isShrunk = true;
  held = await beginAll(sockets.held, container);
  standing = await beginAll(sockets.standing, container);
  host = await beginAll(sockets.host, container);
});
afterEach(() => {
  for (const streams of [held, standing, host]) if (streams !== undefined) endAll(streams);
});

const open = () => [held, standing, host].map((streams) => openOf(streams ?? {}));

async function areOpen(...expected: readonly (readonly string[])[]) {
  await eventually(
    async () => JSON.stringify(open()) === JSON.stringify(expected),
    `open: ${JSON.stringify(expected)}`,
  );
}

/** Waits until just these are open, and then makes sure that each of them still carries bytes. */
async function areLeft(...expected: readonly (readonly string[])[]) {
  await areOpen(...expected);
  const line = `still here ${performance.now()}`;
  await lab.docker(['exec', container, 'sh', '-c', `echo '${line}' >/proc/1/fd/1`]);
  for (const streams of [held, standing, host]) {
    for (const name of ['logs', 'attach']) {
      const stream = streams?.[name];
      if (stream?.isOpen()) await stream.client.until(line);
    }
    if (streams?.events?.isOpen()) await streams.events.client.until('exec_die');
    if (streams?.exec?.isOpen()) {
      streams.exec.client.send(`${line}\n`);
      await streams.exec.client.until(line);
    }
  }
}

/** What was ended since the policy with this generation, and how long after it came into force. */
async function endings() {
  const events = await keeper.events();
  const applied = events.findLastIndex(({ type }) => type === 'policy');
  const since = Date.parse(String(events[applied]?.time));
  return events
    .slice(applied)
    .filter(({ ended }) => ended === true)
    .map((event) => ({ ...event, after: Date.parse(String(event.time)) - since }));
}

describe('an image that is taken off the list', () => {
  it('ends all streams of its containers at once, and nobody else notices', async () => {
    await keeper.apply({ images: ['shrink/other'] });
    await areLeft([], ALL, ALL);
    const ended = await endings();
    expect(ended).toHaveLength(ALL.length);
    for (const event of ended) {
      expect(event).toMatchObject({ outcome: 'refused', reason: 'not-listed', caller: { containerId: container } });
      expect(event).not.toHaveProperty('status');
      expect(event.after).toBeLessThan(1_000);
    }
  });
});

describe('commands that are denied', () => {
  it('end on filtered sockets as they are listed, and no others', async () => {
    const byCommand = { logs: 'logs', events: 'events', exec: 'exec', wait: 'wait', build: 'session' };
    const commands: string[] = [];
    let left = ALL;
    for (const [command, stream] of Object.entries(byCommand)) {
      commands.push(command);
      left = left.filter((name) => name !== stream);
      await keeper.apply({ ...LISTED, commands });
      await areOpen(left, left, ALL);
      const ended = await endings();
      expect(ended).toHaveLength(2);
      for (const event of ended) expect(event).toMatchObject({ reason: 'command-denied', rule: `deny "${command}"` });
    }
    await areLeft(['attach'], ['attach'], ALL);
  });

  it('end when an allow list does not name them', async () => {
    await keeper.apply({ ...LISTED, type: 'allow', commands: ['logs', 'events'] });
    await areLeft(['logs', 'events'], ['logs', 'events'], ALL);
  });

  it('end while their body is still on its way', async () => {
    const upload = await dial(sockets.standing);
    upload.send(`${head('POST /v1.41/images/load', 'Transfer-Encoding: chunked')}4\r\nhalf\r\n`);
    await eventually(
      async () => (await keeper.events()).some(({ operation }) => operation === 'ImageLoad'),
      'the request is decided',
    );
    await keeper.apply({ ...LISTED, commands: ['load'] });
    expect(await upload.rest()).toBe('');
    expect(await endings()).toMatchObject([{ operation: 'ImageLoad', rule: 'deny "load"' }]);
    await areOpen(ALL, ALL, ALL);
  });
});

describe('what shrinks nothing', () => {
  it('ends nothing: a settings file that breaks, a wider list, and the switch turned off; on, it filters at once', async () => {
    await keeper.apply('{ "enhancedContainerIsolation": ');
    await areLeft(ALL, ALL, ALL);
    expect((await request(sockets.held, '/v1.41/containers/json')).status).toBe(200);
    await keeper.apply({ images: ['alpine', 'docker:*'], allowDerivedImages: true });
    await areOpen(ALL, ALL, ALL);
    await keeper.apply({ value: false });
    const rename = () => request(sockets.held, '/v1.41/containers/nosuch/rename?name=x', { method: 'POST' });
    expect((await rename()).status).toBe(404);
    await areLeft(ALL, ALL, ALL);
    await keeper.apply({ ...LISTED, commands: ['rename', 'logs'] });
    expect((await rename()).body).toContain('is blocked');
    const left = ALL.filter((name) => name !== 'logs');
    await areLeft(left, left, ALL);
  });
});
