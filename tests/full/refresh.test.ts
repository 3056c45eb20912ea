import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINES, type Lab, startLab } from '../lab/lab.ts';
import { publishAndPull, type ResolvedLists, startLists, versioned } from '../system/images/resolved.ts';

const SOCKET = '/var/run/docker.sock:/var/run/docker.sock';

describe.each(ENGINES)('refreshing on $title', (release) => {
  describe.runIf(release.available)('that is here', () => {
    let lab: Lab;
    let lists: ResolvedLists;
    beforeAll(async () => {
      lab = await startLab({ name: 'refresh', release });
      lists = await startLists(lab, { images: ['tool/*:1', 'moving/a:1'] });
      // The question of the start is answered: what is published from now on, it does not know.
      await lists.entry('moving/a:1', 'absent');
    });
    afterAll(async () => {
      await lists?.stop();
      await lab?.stop();
    });

    const refresh = async (...args: string[]) => {
      const { code, stdout } = await lists.keeper.cli('refresh', ...args, '--json');
      return { code, ...(JSON.parse(stdout) as { images: readonly Record<string, unknown>[] }) };
    };
    const idOf = (name: string) => lab.dockerOutput(['image', 'inspect', '-f', '{{.Id}}', name]);
    const exists = async (id: string) => (await lab.docker(['image', 'inspect', id])).code === 0;
    const run = (name: string) => lab.docker(['run', '--rm', '-v', SOCKET, name, 'true'], { host: lists.keeper.url });

    it('makes a stale image match, and its container starts', async () => {
      await publishAndPull(lab, 'moving/a:1', 'a, old');
      const old = await idOf('moving/a:1');
      const { digest } = await lab.publish('moving/a:1', versioned('a, new'));
      expect((await run('moving/a:1')).stderr).toContain("its digest differs from the registry's");
      await lists.entry('moving/a:1', 'stale');
      expect(await refresh('--all-stale')).toMatchObject({ code: 0, images: [{ stage: 'done', to: digest }] });
      expect(await run('moving/a:1')).toMatchObject({ code: 0 });
      expect((await lists.entry('moving/a:1', 'match')).images).toMatchObject([{ digest, state: 'confirmed' }]);
      expect(await exists(old)).toBe(false);
    });

    it('leaves a container of the old image what it needs', async () => {
      await publishAndPull(lab, 'tool/used:1', 'used, old');
      const old = await idOf('tool/used:1');
      await lab.dockerOutput(['run', '-d', '--name', 'used', 'tool/used:1', 'sleep', '600']);
      await lab.publish('tool/used:1', versioned('used, new'));
      const [kept] = (await refresh('tool/used:1', '--remove-stopped')).images;
      expect(kept).toMatchObject({ stage: 'done', left: { why: 'containers', names: ['used'] } });
      expect(await lab.dockerOutput(['inspect', '-f', '{{.State.Running}} {{.Image}}', 'used'])).toBe(`true ${old}`);
      await lab.dockerOutput(['rm', '-f', 'used']);
    });

    it('does not remove what may be the only copy', async () => {
      await lab.publish('tool/local:1', versioned('published'));
      await lab.loadLocalOnly('tool/local:1', versioned('never pushed'));
      const local = await idOf('tool/local:1');
      const [kept] = (await refresh('tool/local:1')).images;
      expect(kept).toMatchObject({ stage: 'done', left: { why: 'only-copy' } });
      expect(await exists(local)).toBe(true);
      expect(await run('tool/local:1')).toMatchObject({ code: 0 });
    });
  });
});
