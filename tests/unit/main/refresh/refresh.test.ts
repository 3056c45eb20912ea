import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../../main/engine/engine-client.ts';
import { inWords } from '../../../../main/images/registry-question.ts';
import { digestOf } from '../images/fake-engine.ts';
import { NAME, NEW, OLD, pulled, refreshing } from './refreshing.ts';

const old = pulled(OLD);
const fresh = pulled(NEW);

describe('a refresh', () => {
  it('asks the registry, pulls, and removes the old image, in this order', async () => {
    const { refresh, has, brings, done, events, steps, images } = refreshing();
    has(old);
    brings(fresh);
    expect(await refresh()).toMatchObject({ stage: 'done', from: OLD, to: NEW, imageId: fresh.id, layers: [] });
    expect(done).toEqual(['ask library/docker:cli', `pull ${NAME} with credentials`, `remove image ${old.id}`]);
    expect(images()).toEqual([fresh.id]);
    expect(steps).toEqual([
      ...['refresh-asked', 'refresh-noted', 'refresh-pulled', 'refresh-old-removed', 'refresh-finished'],
    ]);
    expect(events).toMatchObject([{ what: 'image-refreshed', detail: expect.stringContaining(`${NAME}: sha256:`) }]);
  });

  it('does nothing when the image is what the registry has', async () => {
    const { refresh, has, done } = refreshing();
    has(fresh);
    expect(await refresh()).toMatchObject({ stage: 'current', from: NEW });
    expect(done).toEqual(['ask library/docker:cli']);
  });

  it.each([
    [{ kind: 'away', trouble: 'unreached', why: 'docker.io could not be reached', cure: 'look' }],
    [{ kind: 'denied', trouble: 'login-missing', why: 'docker.io wants credentials', cure: 'run: docker login' }],
    [{ kind: 'limited', trouble: 'rate-limited', why: 'docker.io takes no more questions', cure: 'wait' }],
    [{ kind: 'absent', why: 'docker.io does not have the tag' }],
  ] as const)('touches nothing when the registry does not say what it has: %o', async (answer) => {
    const { refresh, has, answers, done, events, images } = refreshing();
    has(old);
    answers.set(':cli', answer);
    expect(await refresh('remove-stopped')).toMatchObject({ stage: 'failed', problem: inWords(answer) });
    expect(done).toEqual(['ask library/docker:cli']);
    expect(images()).toEqual([old.id]);
    expect(events).toMatchObject([{ what: 'image-not-refreshed', detail: `${NAME}: ${inWords(answer)}` }]);
  });

  it('removes nothing when the pull fails, or ends without having brought the image', async () => {
    const { refresh, has, pulling, images, notes } = refreshing();
    has(old);
    pulling(async () => {
      throw new EngineError(undefined, 'blob unknown');
    });
    expect(await refresh()).toMatchObject({ stage: 'failed', problem: 'the engine could not pull it (blob unknown)' });
    pulling(async () => undefined);
    expect(await refresh()).toMatchObject({ stage: 'failed', problem: expect.stringContaining('try again') });
    expect(images()).toEqual([old.id]);
    expect(await notes.left()).toEqual([]);
  });

  it('takes a tag that moved again during the pull for what it is', async () => {
    const { refresh, has, pulling, brings, answers } = refreshing();
    const newest = pulled(digestOf('newest'));
    has(old);
    brings(newest);
    const bring = refresh();
    answers.set(':cli', { kind: 'digest', digest: NEW });
    pulling(async () => {
      answers.set(':cli', { kind: 'digest', digest: digestOf('newest') });
      has(newest, { ...old, tags: [] });
    });
    expect(await bring).toMatchObject({ stage: 'done', to: digestOf('newest') });
  });

  it('shows the layers while it pulls', async () => {
    const { all, has, pulling, ended } = refreshing();
    has(old);
    let shown: readonly object[] = [];
    pulling(async ({ onLine }) => {
      onLine({ id: 'cli', status: 'Pulling from library/docker' });
      onLine({ id: 'aa', status: 'Downloading', current: 1, total: 2 });
      onLine({ id: 'bb', status: 'Already exists' });
      onLine({ status: 'Digest: sha256:…' });
      onLine({ id: 'aa', status: 'Extracting' });
      shown = all.current()[0]?.layers ?? [];
      throw new Error('enough');
    });
    await ended(all.start(NAME, 'keep')?.id ?? '');
    expect(shown).toEqual([
      { id: 'aa', status: 'Extracting' },
      { id: 'bb', status: 'Already exists' },
    ]);
  });

  it('is the same for the same image, however its name is written', async () => {
    const { all, has, ended } = refreshing();
    has(fresh);
    const first = all.start(NAME, 'keep');
    expect(all.start('index.docker.io/library/docker:cli', 'keep')?.id).toBe(first?.id);
    await ended(first?.id ?? '');
    // What is over is not shown beside the next.
    all.start(NAME, 'keep');
    expect(all.current()).toHaveLength(1);
  });

  it('ends when it is cancelled, and stays cancelled', async () => {
    const { all, has, pulling, ended, images, events } = refreshing();
    has(old);
    pulling(
      ({ signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const id = all.start(NAME, 'keep')?.id ?? '';
    await new Promise<void>((resolve) => {
      const end = all.onChange(() => {
        if (all.current()[0]?.stage !== 'pulling') return;
        end();
        resolve();
      });
    });
    all.cancel(id);
    expect(await ended(id)).toMatchObject({ stage: 'cancelled' });
    expect({ images: images(), events }).toEqual({ images: [old.id], events: [] });
    expect(all.cancel('unknown')).toBeUndefined();
  });

  it('waits for its turn when others are under way', async () => {
    const { all, has } = refreshing(['*']);
    has();
    const stages = ['a', 'b', 'c'].map((name) => all.start(name, 'keep')?.stage);
    expect(stages).toEqual(['asking', 'asking', 'waiting']);
    await all.stop();
  });
});

describe('the old image', () => {
  it('stays for other names, and no container goes for it', async () => {
    const { refresh, has, brings, isUsedBy, done } = refreshing();
    const named = pulled(OLD, [NAME, 'mine:1']);
    has(named);
    isUsedBy('stopped', named.id, false);
    brings(fresh);
    expect(await refresh('remove-stopped')).toMatchObject({
      removedContainers: [],
      left: { why: 'other-names', names: ['mine:1'] },
    });
    expect(done.filter((what) => what.startsWith('remove'))).toEqual([]);
  });

  it('stays where no registry has it', async () => {
    const { refresh, has, brings, images } = refreshing();
    const built = { ...pulled(OLD), repoDigests: [] };
    has(built);
    brings(fresh);
    expect(await refresh()).toMatchObject({ stage: 'done', left: { why: 'only-copy' } });
    expect(images()).toContain(built.id);
  });

  it('of a containerd store, where a name makes a digest, goes only if the registry has it', async () => {
    const { refresh, has, brings, answers, images } = refreshing();
    const inContainerd = { id: OLD, tags: [NAME], repoDigests: [`docker@${OLD}`], layers: [] };
    has(inContainerd);
    brings(fresh);
    expect(await refresh()).toMatchObject({ left: { why: 'only-copy' } });
    has(inContainerd);
    answers.set(`@${OLD}`, { kind: 'digest', digest: OLD });
    expect((await refresh()).left).toBeUndefined();
    expect(images()).toEqual([fresh.id]);
  });

  it('stays for containers; those that do not run go when that is asked for', async () => {
    const { refresh, has, brings, isUsedBy, done } = refreshing();
    has(old);
    brings(fresh);
    isUsedBy('stopped', old.id, false);
    isUsedBy('running', old.id, true);
    expect((await refresh()).left).toEqual({ why: 'containers', names: ['stopped', 'running'] });
    has(old);
    expect(await refresh('remove-stopped')).toMatchObject({
      removedContainers: ['stopped'],
      left: { why: 'containers', names: ['running'] },
    });
    expect(done).not.toContain('remove container running');
  });
});

describe('a plan', () => {
  it('names what would change and what would stay', async () => {
    const { all, has, isUsedBy, done } = refreshing();
    has(pulled(OLD, [NAME, 'mine:1']));
    isUsedBy('web', old.id, true);
    expect(await all.plan('docker.io/library/docker:cli')).toMatchObject({
      image: NAME,
      verdict: 'refresh',
      localDigest: OLD,
      registryDigest: NEW,
      alsoNamed: ['mine:1'],
      containers: [{ name: 'web', isRunning: true }],
      commands: [`docker image rm ${NAME}`, `docker pull ${NAME}`],
    });
    expect(done).toEqual(['ask library/docker:cli']);
  });

  it('is only for what is listed', async () => {
    const { all, done } = refreshing(['docker:cli', `alpine@${OLD}`]);
    const problem = async (image: string) => (await all.plan(image)).problem;
    expect(await problem('docker:dind')).toContain('of docker.io/library/docker it lists "docker:cli"');
    expect(await problem('alpine')).toContain(`it lists "alpine@${OLD}"`);
    expect(await problem('busybox')).toContain('run: docker pull busybox:latest');
    expect(await problem('Bad:name')).toContain('"Bad:name"');
    expect(done).toEqual([]);
  });
});

describe('what a run that was killed has left', () => {
  it('is finished where the new image is in place, and forgotten where it is not', async () => {
    const { folder } = refreshing();
    const { refreshNotes } = await import('../../../../main/refresh/notes.ts');
    await refreshNotes(folder).add({ image: NAME, oldImageId: old.id });
    expect(await refreshNotes(folder).left()).toEqual([{ image: NAME, oldImageId: old.id }]);
    await refreshNotes(folder).drop({ image: NAME, oldImageId: old.id });
    expect(await refreshNotes(folder).left()).toEqual([]);
  });
});
