import { describe, expect, test } from 'vitest';
import { localImage } from '../../../../main/engine/local-image.ts';

const AMD64 = { os: 'linux', architecture: 'amd64' };
const I386 = { os: 'linux', architecture: '386' };

function summary(digest: string, platform: object, Kind = 'image') {
  return { Kind, Descriptor: { digest }, ...(Kind === 'image' && { ImageData: { Platform: platform } }) };
}

/** An inspection as engine 28 with the containerd store answers it, and what it answers for a platform. */
function answering(image: object | undefined, ofPlatform?: object) {
  const asked: string[] = [];
  const inspect = async (name: string, query: Readonly<Record<string, string>>) => {
    asked.push(`${name} ${JSON.stringify(query)}`);
    return 'platform' in query ? ofPlatform : image;
  };
  return { asked, inspect };
}

const INDEX = {
  Id: 'index',
  RepoTags: ['multi:1'],
  RepoDigests: ['multi@index'],
  Os: 'linux',
  Architecture: 'amd64',
  RootFS: { Layers: ['a'] },
  Manifests: [summary('of-amd64', AMD64), summary('of-386', I386), summary('attestation', {}, 'attestation')],
};

describe('an image of the containerd store', () => {
  test('has what the engine would run of it by default', async () => {
    const { inspect, asked } = answering(INDEX);
    expect(await localImage(inspect, 'multi:1', undefined)).toEqual({
      id: 'index',
      tags: ['multi:1'],
      repoDigests: ['multi@index'],
      layers: ['a'],
      manifest: 'of-amd64',
      manifests: ['of-amd64', 'of-386'],
    });
    expect(asked).toEqual(['multi:1 {"manifests":"1"}']);
  });

  test.each([
    ['linux/386', { os: 'linux', architecture: '386' }],
    ['386', { os: 'linux', architecture: '386' }],
    ['linux/arm/v7', { os: 'linux', architecture: 'arm', variant: 'v7' }],
  ])('has what is run for the platform %s, asked for by its ID', async (platform, asJson) => {
    const ofPlatform = { Descriptor: { digest: 'of-386' }, RootFS: { Layers: ['b'] } };
    const { inspect, asked } = answering(INDEX, ofPlatform);
    expect(await localImage(inspect, 'multi:1', platform)).toMatchObject({
      id: 'index',
      layers: ['b'],
      manifest: 'of-386',
    });
    expect(asked[1]).toBe(`index ${JSON.stringify({ platform: JSON.stringify(asJson) })}`);
  });

  test.each([
    ['it does not have the platform', undefined],
    ['the engine does not know the parameter', { Descriptor: { digest: 'index' }, RootFS: { Layers: ['a'] } }],
    ['it answers with no image', { Descriptor: { digest: 'attestation' }, RootFS: { Layers: [] } }],
  ])('has no layers if %s', async (_what, ofPlatform) => {
    const image = await localImage(answering(INDEX, ofPlatform).inspect, 'multi:1', 'linux/386');
    expect(image).toMatchObject({ layers: [] });
    expect(image).not.toHaveProperty('manifest');
  });

  test('has no layers if its index lists two for one platform', async () => {
    const Manifests = [...INDEX.Manifests, summary('other', AMD64)];
    const image = await localImage(answering({ ...INDEX, Manifests }).inspect, 'multi:1', undefined);
    expect(image).toMatchObject({ layers: [], manifests: ['of-amd64', 'of-386', 'other'] });
    expect(image).not.toHaveProperty('manifest');
  });

  test('is told apart by the variant', async () => {
    const arm = (variant: string) => ({ os: 'linux', architecture: 'arm', variant });
    const Manifests = [summary('six', arm('v6')), summary('seven', arm('v7'))];
    const image = { ...INDEX, Architecture: 'arm', Variant: 'v7', Manifests };
    expect(await localImage(answering(image).inspect, 'x', undefined)).toMatchObject({ manifest: 'seven' });
    const silent = { ...INDEX, Architecture: 'arm', Manifests };
    expect(await localImage(answering(silent).inspect, 'x', undefined)).toMatchObject({ layers: [] });
  });

  test('of one platform is its own manifest', async () => {
    const Manifests = [summary('single', I386)];
    const image = await localImage(answering({ ...INDEX, Id: 'single', Manifests }).inspect, 'x', undefined);
    expect(image).toMatchObject({ id: 'single', manifest: 'single', layers: ['a'] });
  });
});

test('an image of the classic store has one platform, and no manifests', async () => {
  const { Manifests: _none, ...classic } = INDEX;
  const { inspect, asked } = answering(classic);
  const image = await localImage(inspect, 'x', 'linux/386');
  expect(image).toEqual({ id: 'index', tags: ['multi:1'], repoDigests: ['multi@index'], layers: ['a'] });
  expect(asked).toHaveLength(1);
});

test('an image that is not there is none', async () => {
  expect(await localImage(answering(undefined).inspect, 'x', 'linux/386')).toBeUndefined();
});
