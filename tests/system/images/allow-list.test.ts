import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, PRIVATE_REGISTRY, startLab } from '../../lab/lab.ts';
import { eventually, settingsJson } from '../running.ts';
import { publishAndPull, type ResolvedLists, startLists, versioned } from './resolved.ts';

const SOCKET = '/var/run/docker.sock:/var/run/docker.sock';
const PRIVATE = `${PRIVATE_REGISTRY.host}/ci-tools/builder:1`;
const PINNED_AWAY = `list/pinned@sha256:${'0'.repeat(64)}`;

let lab: Lab;
let lists: ResolvedLists;
let images: readonly string[];
const digests = { match: '', stale: '', pinned: '' };

beforeAll(async () => {
  lab = await startLab({ name: 'lists', privateRegistry: true });
  digests.match = (await publishAndPull(lab, 'list/match:1', 'match')).digest;
  await publishAndPull(lab, 'list/stale:1', 'old');
  digests.stale = (await lab.publish('list/stale:1', versioned('new'))).digest;
  await lab.publish('list/not-local:1', versioned('not local'));
  await publishAndPull(lab, 'list/absent:1', 'absent');
  lab.unpublish('list/absent:1');
  await publishAndPull(lab, 'list/any:1', 'any 1');
  await publishAndPull(lab, 'list/any:2', 'any 2');
  await publishAndPull(lab, 'globbed/one:1', 'one');
  await lab.dockerOutput(['tag', 'malicious-image', 'globbed/retagged:1']);
  digests.pinned = (await publishAndPull(lab, 'list/pinned:1', 'pinned')).digest;
  await lab.publish(PRIVATE, versioned('private'));
  await lab.dockerOutput(['login', '-u', PRIVATE_REGISTRY.username, '--password-stdin', PRIVATE_REGISTRY.host], {
    stdin: PRIVATE_REGISTRY.password,
  });
  await lab.dockerOutput(['pull', '-q', PRIVATE]);
  await lab.dockerOutput(['logout', PRIVATE_REGISTRY.host]);
  images = [
    ...[
      'list/match:1',
      'list/stale:1',
      'list/not-local:1',
      'list/absent:1',
      'list/typo:1',
      'list/any:*',
      'globbed/*:*',
    ],
    ...[`list/pinned@${digests.pinned}`, PINNED_AWAY, PRIVATE],
  ];
  const id = await lab.dockerOutput(['image', 'inspect', '-f', '{{.Id}}', 'malicious-image']);
  lists = await startLists(lab, { images, lockkeeper: { localImages: [id] } });
});
afterAll(async () => {
  await lists?.stop();
  await lab?.stop();
});

describe('an entry', () => {
  it('matches when the local image is what the registry has, and says since when that is known', async () => {
    expect(await lists.entry('list/match:1', 'match')).toMatchObject({
      normalised: 'docker.io/list/match:1',
      kind: 'tag',
      registryDigest: digests.match,
      confirmedAt: expect.stringMatching(/Z$/),
      images: [
        { name: 'list/match:1', digest: digests.match, createdAt: '2026-01-01T00:00:00.000Z', state: 'confirmed' },
      ],
      refreshable: ['list/match:1'],
    });
  });

  it('is stale when the registry has another image', async () => {
    const entry = await lists.entry('list/stale:1', 'stale');
    expect(entry).toMatchObject({ registryDigest: digests.stale, images: [{ state: 'stale' }] });
    expect(entry.images[0]?.digest).not.toBe(digests.stale);
  });

  it('is not local, or not at the registry, or for others only', async () => {
    expect(await lists.entry('list/not-local:1', 'not-local')).toMatchObject({ images: [] });
    for (const name of ['list/absent:1', 'list/typo:1']) {
      const words = `docker.io does not have the tag 1 in ${name.replace(':1', '')}`;
      expect(await lists.entry(name, 'absent')).toMatchObject({ detail: words, refreshable: [] });
    }
    const denied = await lists.entry(PRIVATE, 'denied');
    expect(denied.detail).toContain(`run: docker login ${PRIVATE_REGISTRY.host}`);
  });

  it('that pins a digest asks no registry', async () => {
    const pinned = await lists.entry(`list/pinned@${digests.pinned}`, 'match');
    expect(pinned).toMatchObject({ kind: 'pinned', images: [{ name: 'list/pinned:1', digest: digests.pinned }] });
    expect(await lists.entry(PINNED_AWAY, 'not-local')).toMatchObject({ refreshable: [PINNED_AWAY] });
  });

  it('with a wildcard is not confirmed before somebody asks, and then image by image', async () => {
    expect((await lists.entry('list/any:*', 'unconfirmed')).images.map(({ state }) => state)).toEqual([
      'unconfirmed',
      'unconfirmed',
    ]);
    const resolved = await lists.resolve();
    expect(resolved.entries.find(({ entry }) => entry === 'list/any:*')).toMatchObject({
      state: 'match',
      kind: 'any-tag',
    });
    const glob = resolved.entries.find(({ entry }) => entry === 'globbed/*:*');
    const states = Object.fromEntries(glob?.images.map(({ name, state }) => [name, state]) ?? []);
    expect(states).toEqual({ 'globbed/one:1': 'confirmed', 'globbed/retagged:1': 'stale' });
    expect(glob?.refreshable).toEqual(['globbed/retagged:1']);
  });

  it('of an image ID needs no registry', async () => {
    const [byId] = (await lists.resolve()).entries.filter(({ kind }) => kind === 'image-id');
    expect(byId).toMatchObject({ state: 'match', images: [{ state: 'confirmed' }] });
  });

  it('that cannot be read is shown with what is wrong', async () => {
    const good = settingsJson({ images });
    await writeBroken(good.replace('"list/match:1"', '"list/match:1","list/Bad:1"'));
    const bad = await lists.entry('list/Bad:1', 'bad-reference');
    expect(bad).toMatchObject({ kind: 'unreadable', refreshable: [] });
    expect(bad.detail).toContain('"list/Bad:1"');
    // What was good before is in force.
    await lists.entry('list/match:1', 'match');
    await lists.keeper.apply(good);
    await eventually(async () => !lists.list()?.entries.some(({ kind }) => kind === 'unreadable'), 'it is mended');
  });
});

describe('the list', () => {
  it('follows what is done to images', async () => {
    await lab.dockerOutput(['pull', '-q', 'list/not-local:1']);
    await lists.entry('list/not-local:1', 'match');
    await lab.dockerOutput(['rmi', 'list/not-local:1']);
    await lists.entry('list/not-local:1', 'not-local');
    await lab.dockerOutput(['tag', 'malicious-image', 'list/match:1']);
    await lists.entry('list/match:1', 'stale');
    await lab.dockerOutput(['pull', '-q', 'list/match:1']);
    await lists.entry('list/match:1', 'match');
  });

  it('follows the policy', async () => {
    await lists.keeper.apply({ images: [...images, '*'] });
    expect(await lists.entry('*', 'everything')).toMatchObject({ images: [], refreshable: [] });
    await lists.keeper.apply({ images });
    await eventually(async () => lists.list()?.entries.length === images.length, 'the entry is gone');
  });

  it('names the containers that hold a socket by an entry', async () => {
    const create = ['create', '--name', 'lists-holder', '-v', SOCKET, 'list/match:1', 'true'];
    await lab.dockerOutput(create, { host: lists.keeper.url });
    const named = async () => lists.list()?.entries[0]?.holders.some(({ name }) => name === 'lists-holder') === true;
    await eventually(named, 'the holder is named');
    await lab.dockerOutput(['rename', 'lists-holder', 'lists-renamed']);
    await eventually(async () => lists.list()?.entries[0]?.holders[0]?.name === 'lists-renamed', 'by its new name');
    await lab.dockerOutput(['rm', 'lists-renamed']);
    await eventually(async () => lists.list()?.entries[0]?.holders.length === 0, 'the holder is gone');
  });

  it('names what was built on an entry here, where such images are let in', async () => {
    const context = mkdtempSync(join(lab.work, 'build-'));
    writeFileSync(join(context, 'Dockerfile'), 'FROM list/match:1\nRUN true\n');
    await lab.dockerOutput(['build', '-q', '-t', 'built-on-match', context], { env: { DOCKER_BUILDKIT: '0' } });
    expect((await lists.entry('list/match:1', 'match')).derived).toEqual([]);
    await lists.keeper.apply({ images, allowDerivedImages: true });
    const names = () => lists.list()?.entries[0]?.derived.map((one) => one.names) ?? [];
    await eventually(async () => names().length > 0, 'the built image is named');
    expect(names()).toEqual([['built-on-match:latest']]);
    await lists.keeper.apply({ images });
  });

  it('lets what was confirmed count for a while after its tag has moved, where the policy says so', async () => {
    const moving = { images: ['list/moving:1'] };
    await publishAndPull(lab, 'list/moving:1', 'before');
    await lists.keeper.apply({ ...moving, lockkeeper: { previousDigestGraceHours: 1 } });
    await lists.entry('list/moving:1', 'match');
    const { digest } = await lab.publish('list/moving:1', versioned('after'));
    // An order asks at once; everything else is content with an answer of the last two minutes.
    await lists.client.request('planRefresh', { image: 'list/moving:1' });
    const moved = await lists.entry('list/moving:1', 'previous');
    expect(moved).toMatchObject({ registryDigest: digest, refreshable: ['list/moving:1'] });
    expect(moved.images).toMatchObject([{ state: 'previous' }]);
    expect(Date.parse(moved.countsUntil ?? '') - Date.parse(moved.confirmedAt ?? '')).toBe(3_600_000);
    const create = ['create', '--name', 'lists-moving', '-v', SOCKET, 'list/moving:1', 'true'];
    await lab.dockerOutput(create, { host: lists.keeper.url });
    await lab.dockerOutput(['rm', 'lists-moving']);

    await lists.keeper.apply(moving);
    await lists.entry('list/moving:1', 'stale');
    const refused = await lab.docker(create, { host: lists.keeper.url });
    expect(refused.stderr).toMatch(
      /the local image is sha256:\w+…, the registry has sha256:\w+… \(seen there since 20\S+Z\); run: docker image rm list\/moving:1 && docker pull list\/moving:1/,
    );
    await lists.keeper.apply({ images });
  });

  it('is pushed when it has changed, and not otherwise', async () => {
    await lists.entry('list/match:1', 'match');
    await lab.dockerOutput(['tag', 'list/match:1', 'unlisted:1']);
    await lab.dockerOutput(['tag', 'malicious-image', 'list/match:1']);
    await lists.entry('list/match:1', 'stale');
    await lab.dockerOutput(['pull', '-q', 'list/match:1']);
    await lists.entry('list/match:1', 'match');
    expect(lists.repeated()).toBe(0);
  });
});

describe('while somebody does not answer', () => {
  it('says since when the registry cannot be reached, and until when its last answer counts', async () => {
    await lab.registry.stop();
    try {
      // An order asks at once; everything else is content with an answer of the last two minutes.
      await lists.client.request('planRefresh', { image: 'list/match:1' });
      const away = await lists.entry('list/match:1', 'unreachable');
      expect(away.detail).toContain('docker.io could not be reached');
      expect(Date.parse(away.unreachableSince ?? '')).toBeLessThanOrEqual(Date.now());
      expect(Date.parse(away.countsUntil ?? '') - Date.parse(away.confirmedAt ?? '')).toBe(72 * 3_600_000);
      expect(away.images).toMatchObject([{ state: 'confirmed' }]);
    } finally {
      await lab.registry.start();
    }
    await lists.client.request('planRefresh', { image: 'list/match:1' });
    await lists.entry('list/match:1', 'match');
  });

  it('claims nothing about local images without an engine', async () => {
    await lab.stopEngine();
    try {
      const unknown = await lists.entry('list/match:1', 'unknown');
      expect(unknown).toMatchObject({ images: [], refreshable: [] });
      expect(lists.list()?.problem).toMatch(/ENOENT|ECONNREFUSED/);
    } finally {
      await lab.startEngine();
    }
    await lists.entry('list/match:1', 'match');
  });
});

/** Written without waiting for a new policy: there will be none. */
async function writeBroken(text: string): Promise<void> {
  writeFileSync(join(lists.keeper.state, '..', '..', 'admin-settings.json'), text, { mode: 0o644 });
}
