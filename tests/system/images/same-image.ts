import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AttachedLab, request } from '../../lab/lab.ts';
import { askRunning, type Running, startLockkeeper } from '../running.ts';
import { type Asking, type Outcome, SAME_IMAGE_ROWS, type SameImageRow, type Stage } from './same-image-rows.ts';

const SOCKET = '/var/run/docker.sock';

/** The rows of the table, each by a container that asks for a socket through a running Lockkeeper. */
export function sameImageTests(labOf: () => AttachedLab, store: 'classic' | 'containerd'): void {
  let keeper: Running;
  let asking: readonly Asking[];
  const created: string[] = [];

  beforeAll(async () => {
    const lab = labOf();
    await lab.dockerOutput(['pull', '-q', 'alpine']);
    asking = await Promise.all(SAME_IMAGE_ROWS.map((row, place) => row.prepare(stage(lab, place))));
    keeper = await startLockkeeper(lab, { images: [...new Set(asking.map(({ entry }) => entry))] });
  });
  afterAll(async () => {
    if (created.length > 0) await labOf().dockerOutput(['rm', '-f', ...created]);
    await keeper?.stop();
  });

  async function create({ image, platform }: Asking): Promise<{ outcome: string; message: string }> {
    const query = platform === undefined ? '' : `?platform=${encodeURIComponent(platform)}`;
    const body = { Image: image, Cmd: ['none'], HostConfig: { Binds: [`${SOCKET}:${SOCKET}`] } };
    const answer = await request(keeper.hostGate, `/v1.41/containers/create${query}`, { method: 'POST', body });
    const { Id, message = '' } = JSON.parse(answer.body) as { Id?: string; message?: string };
    if (Id !== undefined) created.push(Id);
    return { outcome: outcomeOf(answer.status, message), message };
  }

  test.each(SAME_IMAGE_ROWS.map((row, place) => [titleOf(row, store), row[store], place] as const))(
    '%s',
    async (_title, outcome, place) => {
      const what = asking[place] as Asking;
      const { message, ...found } = await create(what);
      expect(found, message).toEqual({ outcome });
      const cure = / run: (docker .*?)(?: and |\))/.exec(message)?.[1];
      expect(cure !== undefined, message).toBe(outcome.includes('differs'));
      // What a pinned entry means can be pulled, but the name it was created by goes on to mean what it meant.
      if (outcome !== 'no: digest differs') return;
      for (const line of cure?.split(' && ') ?? []) await labOf().dockerOutput(line.split(' ').slice(1));
      expect(await create(what), `after ${cure}`).toMatchObject({ outcome: 'the same' });
    },
  );

  test('the allow list says of pinned entries what the decision says', async () => {
    const { entries } = await askRunning(keeper.state, 'resolveAllowList', {});
    const admitted = SAME_IMAGE_ROWS.flatMap((row, place) => (row[store] === 'the same' ? (asking[place] ?? []) : []));
    const pinned = new Set(admitted.flatMap(({ entry }) => (entry.includes('@') ? entry : [])));
    expect(pinned.size).toBeGreaterThan(0);
    const states = entries.filter(({ entry }) => pinned.has(entry)).map(({ entry, state }) => [entry, state]);
    expect(states).toEqual([...pinned].map((entry) => [entry, 'match']));
  });
}

function titleOf(row: SameImageRow, store: 'classic' | 'containerd'): string {
  return `${row.here}; the entry is the ${row.entry}; created as ${row.createdAs}: ${row[store]}`;
}

function stage(lab: AttachedLab, place: number): Stage {
  const repository = `same/row${place}`;
  return {
    lab,
    repository,
    publish: (content = {}, name = `${repository}:1`) =>
      lab.publish(name, { from: 'alpine', files: { '/row': repository }, ...content }),
    async pull(name, ...options) {
      await lab.dockerOutput(['pull', '--quiet', ...options, name]);
    },
    docker: (...args) => lab.dockerOutput(args),
  };
}

function outcomeOf(status: number, message: string): Outcome | string {
  if (status === 201) return 'the same';
  if (status === 404) return '404, pull';
  if (message.includes("its digest differs from the registry's")) return 'no: digest differs';
  if (message.includes('its digest is not the pinned one')) return 'no: pinned digest differs';
  if (message.includes('image is not in the allowed list')) return 'no: not listed';
  return `${status} ${message}`;
}
