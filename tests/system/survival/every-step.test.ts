import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { type ControlClient, connectControl } from '../../../main/control/client.ts';
import { type Step, steps } from '../../../main/steps/step.ts';
import { type ApiAnswer, attachLab, request } from '../../lab/lab.ts';
import { eventually } from '../running.ts';
import { bundleKeeper, mortalKeeper } from './mortal.ts';
import { REFRESHED, refreshedImage } from './refreshed.ts';

const lab = attachLab(inject('lab'));
const SOCKET = '/var/run/docker.sock';
const POLICIES = [
  { images: ['docker:cli', REFRESHED], commands: ['push'] },
  { images: ['docker:cli', REFRESHED], commands: ['push', 'ps'] },
] as const;
const keeper = mortalKeeper(lab, POLICIES[0]);
const refreshed = refreshedImage(lab, keeper.state);
/** The container that ran before, and runs through it all. */
let witness = { id: '', key: '' };
let policy: 0 | 1 = 0;
const walked = new Set<Step>();

beforeAll(async () => {
  await bundleKeeper();
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
  await lab.dockerOutput(['pull', '-q', 'alpine']);
  await keeper.start();
  const id = createdId(await create('witness'));
  await ask('POST', `/containers/${id}/start`);
  witness = { id, key: keyOf(id) };
});
afterEach(async () => {
  await removeVictim();
});
afterAll(async () => {
  if (witness.id !== '') await lab.docker(['rm', '-f', witness.id]);
  await refreshed.remove();
  await keeper.remove();
});

const ask = (method: string, path: string, body?: object, socket = keeper.hostGate) =>
  request(socket, `/v1.41${path}`, { method, ...(body && { body }) });
const create = (name: string, target = SOCKET, socket = keeper.hostGate) =>
  ask('POST', `/containers/create?name=survival-${name}`, body('docker:cli', target), socket);
const body = (Image: string, target: string) => ({
  Image,
  Cmd: ['sleep', '3600'],
  Labels: { test: 'survival' },
  HostConfig: { Binds: [`${SOCKET}:${target}`] },
});
const witnessSocket = () => join(keeper.state, 'sockets', witness.key, 'docker.sock');

function createdId(answer: ApiAnswer): string {
  expect(answer).toMatchObject({ status: 201 });
  return (JSON.parse(answer.body) as { Id: string }).Id;
}

const removeVictim = () => ask('DELETE', '/containers/survival-victim?force=1', undefined, lab.engineSocket);

const stored = (folder: string) => readdirSync(join(keeper.state, folder)).sort();
const records = () =>
  stored('holders')
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(keeper.state, 'holders', name), 'utf8')));
function keyOf(id: string): string {
  return String(records().find(({ containerId }) => containerId === id)?.key);
}
const journal = () => readFileSync(join(keeper.state, 'journal.jsonl'), 'utf8').split('\n').slice(0, -1);

/** What goes on when it dies. Resolves to what the client gets, where there is one. */
type Act = () => Promise<ApiAnswer | undefined>;

const interrupted = (asking: Promise<ApiAnswer>) => asking.catch(() => undefined);
const changePolicy: Act = async () => {
  policy = policy === 0 ? 1 : 0;
  keeper.settings(POLICIES[policy]);
  return undefined;
};
async function connected(): Promise<ControlClient> {
  const connecting = await connectControl({ path: join(keeper.state, 'control.sock') });
  if (!connecting.ok) throw new Error(connecting.error.message);
  return connecting.value;
}
/** Somebody allows something in the window, which writes the user's settings. */
const allow: Act = async () => {
  keeper.settings({ ...POLICIES[policy], locked: false });
  const control = await connected();
  const change = { kind: 'add-image', entry: `example/${walked.size}:none` } as const;
  const proposed = await control.request('proposeChange', { change });
  const basis = proposed.ok && proposed.value.kind === 'writable' ? proposed.value.basis : '';
  const applied = await control.request('applyChange', { change, basis });
  expect(applied).toMatchObject({ ok: false, error: { name: 'not-running' } });
  keeper.settings(POLICIES[policy]);
  return undefined;
};
const choose: Act = async () => {
  const chosen = await (await connected()).request('setPreferences', { theme: 'dark' });
  expect(chosen).toMatchObject({ ok: false, error: { name: 'not-running' } });
  return undefined;
};
const observe: Act = async () => {
  keeper.settings({ ...POLICIES[policy], locked: false });
  const asked = await (await connected()).request('observe', { minutes: 5 });
  expect(asked).toMatchObject({ ok: false, error: { name: 'not-running' } });
  return undefined;
};
/** Whether the run after that observes. What follows is about a policy that is enforced, and locked again. */
async function stillObserves(): Promise<boolean> {
  const control = await connected();
  const status = await control.request('status', {});
  expect(await control.request('enforce', {})).toEqual({ ok: true, value: { isObserving: false } });
  control.close();
  keeper.settings(POLICIES[policy]);
  return status.ok && status.value.enforcement === 'observing';
}
async function keptTheme(): Promise<string | undefined> {
  const control = await connected();
  const answer = await control.request('setPreferences', {});
  control.close();
  return answer.ok ? answer.value.theme : answer.error.message;
}
const acts = {
  create: () => interrupted(create('victim')),
  undo: () => interrupted(create('victim')),
  nested: () => interrupted(create('victim', SOCKET, witnessSocket())),
  start: () => interrupted(ask('POST', '/containers/survival-victim/start')),
  async removal() {
    await removeVictim();
    return undefined;
  },
  policy: changePolicy,
  async refresh() {
    await refreshed.refresh();
    return undefined;
  },
  allow,
  choose,
  observe,
  refusal: () => interrupted(ask('POST', '/containers/create?name=survival-victim', body('alpine', SOCKET))),
} satisfies Record<string, Act>;

interface Death {
  /** What is asked of it when it dies; without one it dies as it starts. */
  readonly during?: keyof typeof acts;
  /** What the client has got when it dies; by default nothing. */
  readonly answered?: number;
  /** A step of a create at which it died before, so that its start has something to clear up. */
  readonly behind?: Step;
}

const dying = (during: keyof typeof acts): Death => ({ during });
const deaths: Readonly<Record<Step, Death>> = {
  'lock-taken': {},
  'policy-loaded': {},
  'socket-restored': {},
  'leftover-removed': { behind: 'record-written' },
  'leftovers-removed': { behind: 'container-created' },
  'host-gate-open': {},
  'image-opened': dying('create'),
  'create-noted': dying('create'),
  'folder-reserved': dying('create'),
  'create-sent': dying('create'),
  'container-created': dying('create'),
  'image-checked': dying('create'),
  'link-placed': dying('create'),
  'socket-listening': dying('create'),
  'record-half-written': dying('create'),
  'record-written': dying('create'),
  'create-settled': dying('create'),
  'create-answered': { during: 'create', answered: 201 },
  'create-undone': dying('undo'),
  'start-sent': dying('start'),
  'start-answered': { during: 'start', answered: 204 },
  'own-container-noted': dying('nested'),
  'removal-noticed': dying('removal'),
  'socket-closed': dying('removal'),
  'creations-forgotten': dying('removal'),
  'record-retired': dying('removal'),
  'folder-removed': dying('removal'),
  'policy-in-force': dying('policy'),
  'policy-half-written': dying('policy'),
  'policy-stored': dying('policy'),
  'settings-half-written': dying('allow'),
  'settings-written': dying('allow'),
  'preferences-half-written': dying('choose'),
  'preferences-written': dying('choose'),
  'observing-half-written': dying('observe'),
  'observing-written': dying('observe'),
  'digests-half-written': dying('policy'),
  'digests-written': dying('policy'),
  'refresh-asked': dying('refresh'),
  'refresh-noted': dying('refresh'),
  'refresh-pulling': dying('refresh'),
  'refresh-pulled': dying('refresh'),
  'refresh-container-removed': dying('refresh'),
  'refresh-old-removed': dying('refresh'),
  'refresh-finished': dying('refresh'),
  'journal-line-waiting': dying('refusal'),
  'journal-line-written': dying('refusal'),
};

async function die(step: Step): Promise<void> {
  const { during, answered, behind } = deaths[step];
  if (during === undefined) {
    if (behind === undefined) await keeper.kill();
    else await dieIn('create', behind);
    await keeper.start(step);
  } else {
    // What is known of an image goes with the process: only a new one looks at it again.
    if (step === 'image-opened') await keeper.kill().then(() => keeper.start());
    if (during === 'start') createdId(await create('victim'));
    if (during === 'removal') await createThrough(createdId(await create('victim')));
    if (during === 'refresh') await refreshed.makeStale(step === 'refresh-container-removed');
    const answer = await dieIn(during, step);
    if (during !== 'refusal') expect(answer?.status).toBe(answered);
  }
  walked.add(step);
}

/** Has a container note one that it created, which went before it. */
async function createThrough(id: string): Promise<void> {
  const path = join(keeper.state, 'sockets', keyOf(id), 'docker.sock');
  const child = createdId(await ask('POST', '/containers/create', { Image: 'alpine', Cmd: ['true'] }, path));
  await ask('DELETE', `/containers/${child}`, undefined, lab.engineSocket);
  expect(stored('created')).toContain(keyOf(id));
}

async function dieIn(act: keyof typeof acts, step: Step): Promise<ApiAnswer | undefined> {
  await keeper.arm(step, act === 'undo');
  const answer = await acts[act]();
  await keeper.died();
  return answer;
}

it.each(steps)('outlives kill -9 at "%s"', async (step) => {
  const before = journal();
  await die(step);
  const atDeath = journal();
  // (a) what could be started now, around it, has nothing but a folder of ours
  await holding();
  await keeper.start();
  if (deaths[step].during === 'observe') expect(await stillObserves()).toBe(step === 'observing-written');

  // (b) at once: what ran before has its socket, through which it is refused what it was refused before
  const ping = await ask('GET', '/_ping', undefined, witnessSocket());
  expect(ping.status).toBe(200);
  expect((await ask('POST', '/images/x/push', undefined, witnessSocket())).status).toBe(403);
  expect((await ask('GET', '/containers/json', undefined, witnessSocket())).status).toBe(policy === 0 ? 200 : 403);

  // (e) what was not answered can be asked again, under the same name; but for the one moment between the last note and
  // the answer, at which the container is there for good
  const isThere = deaths[step].during === 'start' || deaths[step].answered !== undefined || step === 'create-settled';
  if (isThere) expect((await create('victim')).status).toBe(409);
  else createdId(await create('victim'));
  if (deaths[step].during !== 'removal') {
    expect((await ask('POST', '/containers/survival-victim/start')).status).toBeLessThan(400);
  }

  // (a) and (c): every container that has a way to the engine has a record, every record its container, and no more
  await eventually(async () => {
    if ((await looks()) > 0) return false;
    const keys = await holding();
    const open = unanswered();
    const files = [...keys.map((key) => `${key}.json`), ...open.map((key) => `${key}.reserved`)];
    const folders = stored('sockets').filter((key) => !isNoted(key));
    return same(folders, keys) && same(stored('holders'), files);
  }, 'only what is in use is left');
  expect(stored('created').filter((key) => !stored('sockets').includes(key))).toEqual([]);
  expect(readdirSync(keeper.state).filter((name) => /\.(new|draft)$/.test(name))).toEqual([]);
  const settings = existsSync(keeper.userFolder) ? readdirSync(keeper.userFolder) : [];
  expect(settings).toEqual(step === 'settings-written' || settings.length > 0 ? ['settings.json'] : []);

  if (step === 'preferences-half-written') expect(await keptTheme()).toBe('system');
  if (step === 'preferences-written') expect(await keptTheme()).toBe('dark');

  if (deaths[step].during === 'refresh') await refreshed.expectWhole(step);

  // (d) the journal goes on where it ended
  const after = journal();
  expect(atDeath.slice(0, before.length)).toEqual(before);
  expect(after.slice(0, atDeath.length)).toEqual(atDeath);
  for (const line of after) expect(JSON.parse(line)).toMatchObject({ schema: 1 });
  if (step === 'journal-line-written') expect(atDeath.length).toBeGreaterThan(before.length);
});

it('has walked every step', () => {
  expect([...walked].sort()).toEqual([...steps].sort());
});

it('has the same socket in the container after all of that, which was never restarted', async () => {
  expect(await lab.docker(['exec', witness.id, 'docker', 'images', '-q'])).toMatchObject({ code: 0, stderr: '' });
  expect(await lab.dockerOutput(['inspect', '-f', '{{.RestartCount}} {{.State.Running}}', witness.id])).toBe('0 true');
});

it('removes what no create has come of, once no engine can still be at it', async () => {
  expect(unanswered().length).toBeGreaterThan(0);
  const longAgo = new Date(Date.now() - 11 * 60_000);
  for (const key of unanswered()) utimesSync(join(keeper.state, 'holders', `${key}.reserved`), longAgo, longAgo);
  await keeper.kill();
  await keeper.start();
  const isClean = async () =>
    same(stored('sockets'), [witness.key]) && same(stored('holders'), [`${witness.key}.json`]);
  await eventually(isClean, 'only what is in use is left');
});

/** Containers in which images are looked at. */
async function looks(): Promise<number> {
  const filters = encodeURIComponent(JSON.stringify({ name: ['lockkeeper-look'] }));
  const list = await ask('GET', `/containers/json?all=1&filters=${filters}`, undefined, lab.engineSocket);
  return (JSON.parse(list.body) as unknown[]).length;
}

const isNoted = (key: string) => unanswered().includes(key);

/** Creates that were interrupted before the engine showed a container: it may still be at it. */
function unanswered(): readonly string[] {
  return stored('holders').flatMap((name) => (name.endsWith('.reserved') ? [name.replace('.reserved', '')] : []));
}

/** The folders of ours that containers have mounted; nothing else may lead them to the engine. */
async function holding(): Promise<string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: ['test=survival'] }));
  const list = await ask('GET', `/containers/json?all=1&filters=${filters}`, undefined, lab.engineSocket);
  return (JSON.parse(list.body) as { Mounts: { Source: string }[] }[])
    .flatMap(({ Mounts }) => Mounts)
    .map(({ Source }) => {
      expect(Source.startsWith(join(keeper.state, 'sockets'))).toBe(true);
      return Source.slice(join(keeper.state, 'sockets').length + 1);
    });
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}
