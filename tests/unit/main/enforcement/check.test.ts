import { describe, expect, it } from 'vitest';
import { check } from '../../../../main/enforcement/check.ts';
import type { FactSources } from '../../../../main/enforcement/find-fact.ts';
import { EngineError } from '../../../../main/engine/engine-client.ts';
import type { Listener } from '../../../../shared/decision/listener.ts';
import { type CheckInput, type CheckReport, checkOutputSchema } from '../../../../shared/ipc/check.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';
import { closed, policyOf } from '../../shared/decision/policy-of.ts';

const SOCKET = '/var/run/docker.sock';
const host: Listener = { kind: 'host-gate' };
const filtered: Listener = { kind: 'standing-socket', path: '/run/ci.sock' };

interface Stage {
  readonly state?: PolicyState;
  readonly listener?: Listener;
  /** Whether the engine has the image; `away` when it does not answer, `unknown` when it answers something else. */
  readonly image?: 'there' | 'absent' | 'away' | 'unknown';
}

/** What a decision is told where nothing but the stage counts; whatever else is asked of it is a bug. */
function sources(image: Stage['image']): FactSources {
  const away = () => Promise.reject(new EngineError(undefined, 'connect ENOENT'));
  const puzzled = () => Promise.reject(new EngineError(400, 'invalid reference format'));
  const there = { id: 'sha256:1', tags: [], repoDigests: [], layers: [] };
  const answers = { there: async () => there, absent: async () => undefined, away, unknown: puzzled };
  const engine = {
    image: answers[image ?? 'there'],
    pluginMounts: async () => undefined,
    container: image === 'away' ? away : async () => undefined,
    isPodman: async () => false,
  };
  return {
    engine,
    survey: {
      inspect: async (source: string) =>
        source === SOCKET ? { kind: 'socket', socket: source } : { kind: 'ordinary' },
    },
    own: { has: async () => false },
    image: async (name: string) => {
      if (image === 'away') return away();
      if (image === 'absent') return { kind: 'absent', message: `No such image: ${name}` };
      return { kind: 'present', name, id: there.id, digests: [], proofs: [] };
    },
  } as unknown as FactSources;
}

type Ask = string | Extract<CheckInput['ask'], { kind: 'create' }>;

async function outputOf(asked: Ask, { state = policyOf({}), listener = host, image = 'there' }: Stage) {
  const deps = {
    policy: () => state,
    facts: sources(image),
    listenerFor: async () => ({ ok: true, listener }) as const,
  };
  const ask = typeof asked === 'string' ? { kind: 'docker' as const, words: asked.split(' '), folder: '/' } : asked;
  return checkOutputSchema.parse(await check(deps, { from: { kind: 'host' }, ask }));
}

async function reportOf(line: string, stage: Stage = {}): Promise<CheckReport> {
  const output = await outputOf(line, stage);
  if (output.kind !== 'report') throw new Error(output.message);
  return output;
}

const always = ({ steps }: CheckReport) =>
  steps.flatMap(({ operation, verdict, condition }) => (condition === 'sometimes' ? [] : [`${operation} ${verdict}`]));

const withSocket = `docker run -v ${SOCKET}:${SOCKET} docker:cli`;

describe('check', () => {
  it('leaves out what is done to a container that would not exist', async () => {
    const report = await reportOf(withSocket);
    expect(report).toMatchObject({ verdict: 'blocked', command: 'container run', from: { listener: 'host-gate' } });
    expect(always(report)).toEqual(['ContainerCreate blocked']);
    expect(report.steps[0]).toMatchObject({
      status: 403,
      reason: 'list-empty',
      remedy: expect.stringContaining('imageList.images'),
      message: expect.stringContaining('(Lockkeeper: no image may have the Docker socket'),
    });
  });

  it('takes the container that the line creates for its own', async () => {
    const state = policyOf({ type: 'allow', commands: ['run'] });
    const report = await reportOf('docker run alpine', { state, listener: filtered });
    expect(always(report)).toEqual([
      'ContainerCreate allowed',
      'ContainerAttach allowed',
      'ContainerWait allowed',
      'ContainerStart allowed',
    ]);
    expect(report).toMatchObject({ verdict: 'allowed', from: { listener: 'standing-socket', socket: '/run/ci.sock' } });
  });

  it('asks the engine nothing about the container that does not exist yet', async () => {
    const state = policyOf({ type: 'allow', commands: ['run'] });
    const report = await reportOf('docker run alpine', { state, listener: filtered, image: 'away' });
    expect(report.verdict).toBe('allowed');
    expect(report.notes.join()).toContain('it is not known whether it has alpine');
  });

  it('follows the pull of an image that is not there, and supposes what it brings', async () => {
    const listed = await reportOf(withSocket, { state: policyOf({ images: ['docker:cli'] }), image: 'absent' });
    expect(always(listed).slice(0, 3)).toEqual([
      'ContainerCreate allowed',
      'ImagePull allowed',
      'ContainerCreate allowed',
    ]);
    expect(listed.steps[0]).toMatchObject({ status: 404 });
    expect(listed.steps[2]).toMatchObject({ socket: { entry: 'docker:cli', targets: [SOCKET] } });
    expect(listed.steps[2]?.notes.join()).toContain('its digest is proven then');
    const other = await reportOf(withSocket, {
      state: policyOf({ images: ['localstack/localstack'] }),
      image: 'absent',
    });
    expect(other).toMatchObject({ verdict: 'blocked', steps: [{ verdict: 'allowed' }, {}, { reason: 'not-listed' }] });
    const noPull = policyOf({ type: 'allow', commands: ['run'] });
    expect(await reportOf('docker run alpine', { state: noPull, listener: filtered, image: 'absent' })).toMatchObject({
      verdict: 'blocked',
    });
  });

  it('does not decide what only the engine can tell, and decides the rest', async () => {
    const image = 'away';
    expect(await reportOf(withSocket, { image })).toMatchObject({
      verdict: 'undecided',
      steps: [{ verdict: 'undecided', reason: 'engine-unreachable', status: 503 }],
    });
    const denied = policyOf({ commands: ['push'] });
    expect(await reportOf('docker push x', { state: denied, listener: filtered, image })).toMatchObject({
      verdict: 'blocked',
      steps: [{ reason: 'command-denied', rule: 'deny "push"', remedy: expect.stringContaining('deny "push"') }],
    });
  });

  it('counts only what is always sent', async () => {
    const state = policyOf({ commands: ['kill'] });
    const report = await reportOf('docker run alpine', { state, listener: filtered });
    expect(report.steps.find(({ operation }) => operation === 'ContainerKill')).toMatchObject({ verdict: 'blocked' });
    expect(report.verdict).toBe('allowed');
  });

  it.each(['docker compose up', 'docker compose run web', 'docker stack deploy x', 'docker plugin install x'])(
    'takes what it does not know of a body for harmless: %s',
    async (line) => {
      const { steps, verdict } = await reportOf(line);
      expect(steps.filter(({ verdict }) => verdict !== 'allowed')).toEqual([]);
      expect(verdict).toBe('allowed');
    },
  );

  it('says nothing of an image where a create body names none, or cannot be read', async () => {
    for (const body of ['{}', '{"Image":', '']) {
      const output = await outputOf({ kind: 'create', body }, { image: 'away' });
      expect(output, body).toMatchObject({ kind: 'report', notes: [], steps: [{ operation: 'ContainerCreate' }] });
    }
  });

  it('says why it is not known whether the engine has an image', async () => {
    const report = await reportOf('docker run A:b', { image: 'unknown' });
    expect(report.notes).toEqual(['the engine does not say whether it has A:b: invalid reference format']);
  });

  it('says when nothing is enforced, and when there is no usable policy', async () => {
    expect(await reportOf(withSocket, { state: policyOf({ value: false }) })).toMatchObject({
      verdict: 'allowed',
      policy: { kind: 'effective', enforced: false },
    });
    expect(await reportOf('docker ps', { state: closed, listener: filtered })).toMatchObject({
      verdict: 'blocked',
      policy: { kind: 'closed', enforced: true },
      steps: [{ reason: 'policy-invalid' }],
    });
  });

  it('refuses what cannot be read as a request', async () => {
    expect(await reportOf('docker stop a/../b')).toMatchObject({
      verdict: 'blocked',
      steps: [{ operation: 'Malformed', status: 400, reason: 'malformed-request' }],
    });
  });

  it('says what it cannot read', async () => {
    expect(await outputOf('docker rnu x', {})).toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining('"rnu"'),
    });
  });
});
