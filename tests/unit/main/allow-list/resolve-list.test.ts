import { describe, expect, it } from 'vitest';
import { askRegistries } from '../../../../main/allow-list/ask-registries.ts';
import { listResolver } from '../../../../main/allow-list/resolve-list.ts';
import type { ListedImage } from '../../../../main/engine/image-client.ts';
import type { SocketHolder } from '../../../../shared/decision/listener.ts';
import { allowListSchema } from '../../../../shared/ipc/allow-list.ts';
import type { PolicyState, SettingsRemark } from '../../../../shared/policy/policy.ts';
import { digestOf, fakeEngine, unreachable } from '../images/fake-engine.ts';
import { imagesUnderTest } from '../images/images-under-test.ts';
import { type ListingOptions, listing } from '../images/listing.ts';

const CLI = 'docker.io/library/docker:cli';
const HOUR = 3_600_000;

async function setUp(entries: readonly string[], options: ListingOptions = {}) {
  const engine = fakeEngine();
  const parts = await imagesUnderTest(engine);
  const policy = listing(entries, options);
  const holders: SocketHolder[] = [];
  let problems: readonly SettingsRemark[] = [];
  const state = (): PolicyState => ({ kind: 'effective', generation: 7, policy, warnings: [], problems });
  const images = async (): Promise<readonly ListedImage[]> =>
    engine.images.map((image) => ({ ...image, createdAt: '2026-01-01T00:00:00.000Z' }));
  let away: Error | undefined;
  const read = listResolver({
    policy: state,
    engine: {
      ...engine,
      images: async () => (away === undefined ? images() : Promise.reject(away)),
      containers: async () => [{ id: 'c1', name: 'web', state: 'running', sources: [], writable: [] }],
    },
    registries: parts.resolver,
    holders: () => holders,
  });
  const list = async () => allowListSchema.parse(await read());
  return {
    ...parts,
    policy,
    holders,
    list,
    entry: async (text: string) => (await list()).entries.find(({ entry }) => entry === text),
    ask: async () => askRegistries(policy, await images(), parts.resolver),
    goAway: (error: Error) => {
      away = error;
    },
    isWrong: (...remarks: readonly SettingsRemark[]) => {
      problems = remarks;
    },
  };
}

describe('a tag entry', () => {
  it('is what the enforcer says, also when an answer has become too old', async () => {
    const { engine, resolver, policy, entry, clock } = await setUp(['docker:cli']);
    engine.pulled(CLI, ['base']);
    expect(await entry('docker:cli')).toMatchObject({ state: 'unconfirmed' });
    await resolver.resolveAll(policy);
    expect(await entry('docker:cli')).toMatchObject({ state: 'match', confirmedAt: '2026-01-01T00:00:00.000Z' });
    clock.now += 73 * HOUR;
    expect(await entry('docker:cli')).toMatchObject({ state: 'unconfirmed', images: [{ state: 'unconfirmed' }] });
  });

  it('is unreachable since the first failure, and counts for the grace from the last answer', async () => {
    const { engine, resolver, policy, entry, clock } = await setUp(['docker:cli']);
    engine.pulled(CLI, ['base']);
    await resolver.resolveAll(policy);
    engine.fail(unreachable());
    clock.now += HOUR;
    await resolver.resolveAll(policy);
    clock.now += HOUR;
    await resolver.resolveAll(policy);
    expect(await entry('docker:cli')).toMatchObject({
      state: 'unreachable',
      unreachableSince: '2026-01-01T01:00:00.000Z',
      countsUntil: '2026-01-04T00:00:00.000Z',
      images: [{ state: 'confirmed' }],
    });
    clock.now += 72 * HOUR;
    const late = await entry('docker:cli');
    expect(late).toMatchObject({ state: 'unreachable', images: [{ state: 'unreachable' }] });
    expect(late?.countsUntil).toBeUndefined();
    engine.fail(undefined);
    await resolver.resolveAll(policy);
    expect(await entry('docker:cli')).toMatchObject({ state: 'match' });
  });

  it('is stale, absent or not local', async () => {
    const { engine, resolver, policy, entry } = await setUp(['docker:cli', 'docker:dind', 'docker:gone']);
    engine.pulled(CLI, ['base']);
    engine.registry.set(CLI, digestOf('newer'));
    engine.registry.set('docker.io/library/docker:dind', digestOf('dind'));
    await resolver.resolveAll(policy);
    expect(await entry('docker:cli')).toMatchObject({ state: 'stale', registryDigest: digestOf('newer') });
    expect(await entry('docker:dind')).toMatchObject({ state: 'not-local', refreshable: ['docker:dind'] });
    expect(await entry('docker:gone')).toMatchObject({ state: 'absent', refreshable: [] });
  });
});

describe('a wildcard entry', () => {
  it('is as good as the worst of its images, of which only nameable stale ones can be refreshed', async () => {
    const { engine, entry, ask } = await setUp(['docker:*']);
    engine.pulled(CLI, ['base']);
    engine.built('docker:mine', ['base', 'mine']);
    expect(await entry('docker:*')).toMatchObject({ state: 'stale', refreshable: ['docker:mine'] });
    await ask();
    const asked = await entry('docker:*');
    expect(asked?.images.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'docker:cli confirmed',
      'docker:mine stale',
    ]);
  });

  it('with a tag is judged by that tag of each repository', async () => {
    const { engine, entry, ask } = await setUp(['tool/*:1']);
    engine.pulled('docker.io/tool/a:1', ['a']);
    engine.pulled('docker.io/tool/b:1', ['b']);
    engine.pulled('docker.io/tool/c:2', ['c']);
    engine.registry.set('docker.io/tool/b:1', digestOf('newer'));
    await ask();
    expect(engine.asked.toSorted()).toEqual(['docker.io/tool/a:1', 'docker.io/tool/b:1']);
    const images = (await entry('tool/*:1'))?.images.map(({ name, state }) => `${name} ${state}`);
    expect(images).toEqual(['tool/a:1 confirmed', 'tool/b:1 stale']);
  });

  it('asks for nothing twice, and for nothing that is known for good', async () => {
    const { engine, ask, clock } = await setUp(['docker:*', 'docker:*', 'doc*:*']);
    engine.pulled(CLI, ['base']);
    await ask();
    // Long enough for any other question to be asked again.
    clock.now += HOUR;
    await ask();
    expect(engine.asked).toHaveLength(1);
  });

  it('says of an image without a digest that no registry ever had it, without a question', async () => {
    const { engine, entry } = await setUp(['docker:*']);
    engine.built('docker:mine', ['mine']);
    const [image] = (await entry('docker:*'))?.images ?? [];
    expect(image).toMatchObject({ state: 'stale', detail: 'no registry has ever had it under its present content' });
    expect(engine.asked).toEqual([]);
  });
});

describe('what else an entry has', () => {
  it('names what was built here on its image, and not what was pulled', async () => {
    const { engine, entry } = await setUp(['docker:cli'], { allowDerived: true });
    engine.pulled(CLI, ['base', 'cli']);
    engine.built('mine:1', ['base', 'cli', 'mine']);
    engine.built('other:1', ['base', 'other']);
    engine.pulled('docker.io/localstack/localstack:4.2', ['base', 'cli', 'localstack']);
    expect((await entry('docker:cli'))?.derived.map(({ names }) => names)).toEqual([['mine:1']]);
  });

  it('names the containers that hold a socket by it', async () => {
    const { holders, entry } = await setUp(['docker:cli']);
    const holder = { key: '0123456789abcdef', image: CLI, imageId: 'x', targets: ['/var/run/docker.sock'] };
    holders.push({ ...holder, containerId: 'c1', entry: 'docker:cli' });
    holders.push({ ...holder, containerId: 'c2', entry: 'another' });
    expect((await entry('docker:cli'))?.holders).toEqual([{ key: holder.key, containerId: 'c1', name: 'web' }]);
  });

  it('shows an entry that cannot be read by its own text', async () => {
    const { isWrong, list } = await setUp(['docker:cli']);
    const path = 'enhancedContainerIsolation.dockerSocketMount.imageList.images[1]';
    isWrong({ file: '/etc/x.json', path, text: `${path}: "docker:" ends with a colon: remove it.` });
    const { entries } = await list();
    expect(entries.map(({ entry, state }) => `${entry} ${state}`)).toEqual([
      'docker: bad-reference',
      'docker:cli not-local',
    ]);
  });

  it('is not known while the engine is away, which is not the same as not here', async () => {
    const { goAway, list, engine } = await setUp(['docker:cli', '*', 'docker:*']);
    engine.pulled(CLI, ['base']);
    goAway(new Error('connect ENOENT'));
    const { problem, entries } = await list();
    expect({ problem, states: entries.map(({ state }) => state) }).toEqual({
      problem: 'connect ENOENT',
      states: ['unknown', 'everything', 'unknown'],
    });
    expect(entries.flatMap(({ refreshable }) => refreshable)).toEqual([]);
  });
});
