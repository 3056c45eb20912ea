import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PolicyChanges, policyChanges } from '../../../../main/policy-change/policy-changes.ts';
import { type PolicyChange, policyChangeSchema } from '../../../../shared/ipc/policy-change.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';
import { imagesIn, type Machine, machine, put, settingsText } from '../settings/settings-folder.ts';

const alpine: PolicyChange = { kind: 'add-image', entry: 'alpine:latest' };
const ID = `sha256:${'0a'.repeat(32)}`;
/** One of each kind. */
const everyChange: readonly PolicyChange[] = [
  alpine,
  { kind: 'add-local-image', id: ID },
  { kind: 'allow-derived-images' },
  { kind: 'stop-denying', operation: 'ImagePush' },
  { kind: 'start-allowing', command: 'push' },
  { kind: 'pass-unknown-operations' },
];
const NEEDY = { images: ['docker:cli'], commands: ['push', 'ps'] };

/** A machine's policy and changes of it, with an engine that has no images. */
async function opened(on: Machine, options: Parameters<Machine['open']>[0] = {}) {
  const policy = await on.open(options);
  const events: EventBody[] = [];
  const changes = policyChanges({
    policy,
    engine: { image: async () => undefined },
    image: async () => ({ kind: 'absent', message: 'No such image' }),
    record: (event) => events.push(event),
  });
  return { policy, changes, events };
}

async function proposal(changes: PolicyChanges, change: PolicyChange) {
  const answer = await changes.propose(change);
  if (!answer.ok || answer.value.kind !== 'writable') throw new Error(JSON.stringify(answer));
  return answer.value;
}

describe('a change of the policy', () => {
  it('is written as it was proposed, is in force when that is answered, and stands in the journal', async () => {
    const on = machine();
    put(on.admin, settingsText({ images: ['docker:cli'] }));
    const { policy, changes, events } = await opened(on);
    const { after, basis, file, before } = await proposal(changes, alpine);
    expect({ file, before }).toEqual({ file: on.user, before: '' });
    expect(existsSync(on.user)).toBe(false);
    const answer = await changes.apply(alpine, basis);
    expect(answer).toEqual({ ok: true, value: { file: on.user, generation: policy.state().generation } });
    expect(readFileSync(on.user, 'utf8')).toBe(after);
    expect(imagesIn(policy.state())).toEqual({ images: ['docker:cli', 'alpine:latest'], from: on.user });
    expect(events).toEqual([
      { type: 'lifecycle', what: 'settings-written', detail: `${on.user}: "alpine:latest" joins the image list` },
    ]);
    expect(statSync(on.user).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(on.user))).toEqual(['settings.json']);
  });

  it.each(everyChange)('can be of each kind: $kind', async (change) => {
    const on = machine();
    put(on.user, settingsText(change.kind === 'start-allowing' ? { type: 'allow', commands: ['ps'] } : NEEDY));
    const { policy, changes } = await opened(on);
    const { basis } = await proposal(changes, change);
    expect(await changes.apply(change, basis)).toMatchObject({ ok: true });
    expect(policy.state()).toMatchObject({ kind: 'effective', problems: [] });
    expect(await changes.propose(change)).toMatchObject({ ok: true, value: { kind: 'impossible' } });
  });

  it('leaves the file’s mode as it is', async () => {
    const on = machine();
    put(on.user, settingsText(NEEDY));
    chmodSync(on.user, 0o640);
    const { changes } = await opened(on);
    await changes.apply(alpine, (await proposal(changes, alpine)).basis);
    expect(statSync(on.user).mode & 0o777).toBe(0o640);
  });

  it.each([
    ['the file has changed', (on: Machine) => put(on.user, `${settingsText(NEEDY)}\n`)],
    ['the file is gone', (on: Machine) => put(on.user, '{}')],
    ['the administrator lists something else', (on: Machine) => put(on.admin, settingsText({ images: ['busybox'] }))],
  ])('is not written when %s since it was shown', async (_, meanwhile) => {
    const on = machine();
    put(on.admin, settingsText({ images: ['docker:dind'] }));
    put(on.user, settingsText({ commands: ['push'] }));
    const { changes, events } = await opened(on);
    const { basis } = await proposal(changes, alpine);
    meanwhile(on);
    const file = readFileSync(on.user, 'utf8');
    expect(await changes.apply(alpine, basis)).toMatchObject({ ok: false, error: { name: 'outdated' } });
    expect(readFileSync(on.user, 'utf8')).toBe(file);
    expect(events).toEqual([]);
  });

  it('is not another one than was shown', async () => {
    const on = machine();
    put(on.user, settingsText(NEEDY));
    const { changes } = await opened(on);
    const { basis } = await proposal(changes, alpine);
    for (const change of [{ ...alpine, entry: '*' } as const, { kind: 'allow-derived-images' } as const]) {
      expect(await changes.apply(change, basis)).toMatchObject({ ok: false, error: { name: 'outdated' } });
    }
    expect(await changes.apply(alpine, 'x')).toMatchObject({ ok: false, error: { name: 'outdated' } });
  });

  it('waits for the one before it, and is judged by what that has written', async () => {
    const on = machine();
    put(on.user, settingsText(NEEDY));
    const { changes } = await opened(on);
    const other: PolicyChange = { kind: 'add-image', entry: 'busybox:latest' };
    const bases = [await proposal(changes, alpine), await proposal(changes, other)].map(({ basis }) => basis);
    const [first, second] = await Promise.all([
      changes.apply(alpine, bases[0] ?? ''),
      changes.apply(other, bases[1] ?? ''),
    ]);
    expect(first.ok).toBe(true);
    expect(second).toMatchObject({ ok: false, error: { name: 'outdated' } });
  });
});

describe('under a lock', () => {
  it('nothing that can be asked for changes anything', async () => {
    const on = machine();
    put(on.user, settingsText(NEEDY));
    const open = await opened(on);
    const bases = await Promise.all(
      everyChange.map(async (change) => {
        const answer = await open.changes.propose(change);
        return answer.ok && answer.value.kind === 'writable' ? answer.value.basis : 'x';
      }),
    );
    put(on.admin, settingsText({ ...NEEDY, locked: true }));
    await open.policy.reload();
    const [before, file] = [JSON.stringify(open.policy.state()), readFileSync(on.user, 'utf8')];
    for (const [at, change] of everyChange.entries()) {
      const answer = await open.changes.apply(change, bases[at] ?? '');
      expect(answer).toMatchObject({ ok: false, error: { name: 'policy-locked' } });
      expect(!answer.ok && answer.error.message).toContain(on.admin);
    }
    const anyChange = fc.constantFrom(...everyChange);
    const anyText = fc.oneof(fc.string(), fc.constantFrom('*', 'docker:cli', '../x', '__proto__'));
    await fc.assert(
      fc.asyncProperty(anyChange, anyText, fc.constantFrom(...bases), async (change, text, basis) => {
        const twisted = policyChangeSchema.safeParse({ ...change, ...('entry' in change && { entry: text }) });
        const answer = await open.changes.apply(twisted.data ?? change, basis);
        expect(answer).toMatchObject({ ok: false, error: { name: 'policy-locked' } });
      }),
      { numRuns: 50 },
    );
    expect(JSON.stringify(open.policy.state())).toBe(before);
    expect(readFileSync(on.user, 'utf8')).toBe(file);
    expect(open.events).toEqual([]);
  });

  it('the snippet and who locks are told, also by a file that sets nothing but the lock', async () => {
    const on = machine();
    put(on.admin, '{"enhancedContainerIsolation": {"locked": true}}');
    const { changes } = await opened(on);
    const snippet = expect.stringContaining('"alpine:latest"');
    expect(await changes.propose(alpine)).toEqual({ ok: true, value: { kind: 'locked', snippet, lockedBy: on.admin } });
    const request = {
      reason: 'not-listed',
      operation: 'ContainerCreate',
      image: 'docker.io/library/alpine:latest',
    } as const;
    const suggested = { kind: 'change', change: alpine, snippet, lockedBy: on.admin };
    expect(await changes.suggest(request)).toEqual({ ok: true, value: suggested });
  });

  it('of the file that --settings names, too', async () => {
    const on = machine();
    put(on.desktop, settingsText({ ...NEEDY, locked: true }));
    const { changes } = await opened(on, { settingsFile: on.desktop, elevated: true });
    expect(await changes.apply(alpine, 'x')).toMatchObject({ error: { name: 'policy-locked' } });
  });
});

describe('a file that cannot be used', () => {
  const text = settingsText(NEEDY);
  it.each<[string, (on: Machine) => void, string]>([
    ['has a mistake', (on) => put(on.user, '{"enhancedContainerIsolation": {"value": 1}}'), ':1:42: '],
    ['can be written by others', (on) => [put(on.user, text), chmodSync(on.user, 0o666)], 'chmod go-w'],
    ['is a link', (on) => [put(`${on.user}.real`, text), symlinkSync(`${on.user}.real`, on.user)], 'symbolic link'],
    ['is the administrator’s', (on) => put(on.admin, '{'), 'not valid JSON'],
  ])('is left alone: it %s', async (_, spoil, words) => {
    const on = machine();
    spoil(on);
    const before = readFileSync(existsSync(on.user) ? on.user : on.admin, 'utf8');
    const { changes, events } = await opened(on);
    const problem = expect.stringContaining(words);
    expect(await changes.propose(alpine)).toEqual({ ok: true, value: { kind: 'impossible', problem } });
    const error = { name: 'settings-unusable', message: problem };
    expect(await changes.apply(alpine, 'x')).toEqual({ ok: false, error });
    expect(readFileSync(existsSync(on.user) ? on.user : on.admin, 'utf8')).toBe(before);
    expect(events).toEqual([]);
  });

  it('is not made where others could replace it', async () => {
    const on = machine();
    const { changes } = await opened(on);
    const { basis } = await proposal(changes, alpine);
    mkdirSync(dirname(on.user), { recursive: true });
    chmodSync(dirname(on.user), 0o777);
    expect(await changes.apply(alpine, basis)).toMatchObject({
      ok: false,
      error: { name: 'settings-unusable', message: expect.stringContaining('could be replaced by others') },
    });
    expect(existsSync(on.user)).toBe(false);
  });

  it('is named when the system does not let it be written', async () => {
    const on = machine();
    put(on.user, settingsText(NEEDY));
    const { changes, events } = await opened(on);
    const { basis } = await proposal(changes, alpine);
    mkdirSync(`${on.user}.lockkeeper-new`);
    const message = expect.stringMatching(/settings\.json cannot be written: /);
    expect(await changes.apply(alpine, basis)).toEqual({ ok: false, error: { name: 'not-written', message } });
    expect(events).toEqual([]);
  });
});

it('leaves nothing lying about that a crash left half written', async () => {
  const on = machine();
  put(on.user, settingsText(NEEDY));
  writeFileSync(`${on.user}.lockkeeper-new`, 'half');
  await opened(on);
  expect(readdirSync(dirname(on.user))).toEqual(['settings.json']);
});
