import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AttachedLab, request } from '../../lab/lab.ts';
import { layerOf } from '../../lab/layer.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { type HeldEngine, heldEngine } from '../shrink/held-engine.ts';

const BIND = '/var/run/docker.sock:/var/run/docker.sock';
const LABEL = 'test=retag';

/** Listed images by the kind of their entry, and what the refusal of another image under their name says. */
const NAMES = {
  'retag/tag:1': "its digest differs from the registry's",
  'retag/any:1': "its digest differs from the registry's",
  'retag/pinned:1': 'its digest is not the pinned one',
} as const;

type Trick = (lab: AttachedLab, name: string) => Promise<unknown>;

/** Ways to have another image under a name. */
const TRICKS: Readonly<Record<string, Trick>> = {
  tag: (lab, name) => lab.dockerOutput(['tag', 'malicious-image', name]),
  async 'tag of what a registry has elsewhere'(lab, name) {
    const elsewhere = name.replace('retag/', 'retag/evil-');
    await lab.publish(elsewhere, { from: 'alpine', files: { '/evil': name } });
    await lab.dockerOutput(['pull', '-q', elsewhere]);
    await lab.dockerOutput(['tag', elsewhere, name]);
  },
  load: (lab, name) => lab.loadLocalOnly(name, { files: { '/loaded': randomUUID() } }),
  async import(lab, name) {
    const { bytes } = await layerOf({ '/imported': randomUUID() });
    await lab.dockerOutput(['import', '-', name], { stdin: bytes });
  },
  'commit of another image’s container': (lab, name) => commit(lab, 'malicious-image', name),
  'commit of its own container': (lab, name) => commit(lab, 'retag/base:1', name),
  'build, classic': (lab, name) => build(lab, name, 'FROM malicious-image\nENV BUILT=classic\n', '0'),
  'build, BuildKit': (lab, name) => build(lab, name, 'FROM malicious-image\nENV BUILT=buildkit\n', '1'),
  'build on it': (lab, name) => build(lab, name, 'FROM retag/base:1\nENV BUILT=on-it\n', '1'),
};

/** That a name proves nothing, at create, start and restart, and between check and create. */
export function retagTests(labOf: () => AttachedLab): void {
  let lab: AttachedLab;
  let engine: HeldEngine;
  let keeper: Running;
  let policy: { readonly images: readonly string[] };

  beforeAll(async () => {
    lab = labOf();
    // The same content in each repository: what is pulled for one is there for the others.
    const content = { from: 'docker:cli', files: { '/retag': '' } };
    const published = await Promise.all(
      ['retag/base:1', 'retag/other:1', ...Object.keys(NAMES)].map((name) => lab.publish(name, content)),
    );
    await lab.publish('retag/other:1', { ...content, files: { '/retag': 'other' } });
    for (const name of ['retag/base:1', ...Object.keys(NAMES)]) await lab.dockerOutput(['pull', '-q', name]);
    policy = { images: ['retag/tag:1', 'retag/any:*', `retag/pinned@${published[0]?.digest}`] };
    mkdirSync(lab.work, { recursive: true });
    engine = await heldEngine(lab.engineSocket, join(lab.work, 'retag.sock'));
    keeper = await startLockkeeper({ ...lab, engineUrl: engine.url }, policy);
  });
  afterAll(async () => {
    await keeper?.stop();
    await engine?.close();
    const ids = await lab.dockerOutput(['ps', '-aq', '--filter', `label=${LABEL}`]);
    if (ids !== '') await lab.dockerOutput(['rm', '-f', ...ids.split(/\s+/)]);
  });

  const idOf = (name: string) => lab.dockerOutput(['image', 'inspect', '--format', '{{.Id}}', name]);
  const through = (...args: string[]) => lab.docker(args, { host: keeper.url });
  const restore = (name: string) => lab.dockerOutput(['pull', '-q', name]);

  async function create(image: string, name = `retag-${randomUUID()}`) {
    const body = { Image: image, Cmd: ['sleep', '600'], Labels: { test: 'retag' }, HostConfig: { Binds: [BIND] } };
    const answer = await request(keeper.hostGate, `/v1.41/containers/create?name=${name}`, { method: 'POST', body });
    return { status: answer.status, ...(JSON.parse(answer.body) as { Id?: string; message?: string }) };
  }

  /** A container that was created while all was well. */
  async function created(image: string): Promise<string> {
    await restore(image);
    const { Id, message } = await create(image);
    if (Id === undefined) throw new Error(message);
    return Id;
  }

  test.each(Object.keys(NAMES))('%s gets a socket as it was pulled', async (name) => {
    expect(await create(name)).toMatchObject({ status: 201 });
  });

  test.each(Object.entries(TRICKS))('create after %s is refused under each name', async (_what, trick) => {
    const listed = await idOf('retag/base:1');
    await Promise.all(Object.keys(NAMES).map((name) => trick(lab, name)));
    for (const [name, cause] of Object.entries(NAMES)) {
      expect(await idOf(name)).not.toBe(listed);
      expect(await create(name)).toMatchObject({ status: 403, message: expect.stringContaining(cause) });
    }
  });

  test.each(['start', 'restart'])('%s goes by the image that the container has, not by its name', async (verb) => {
    const id = await created('retag/tag:1');
    await lab.dockerOutput(['tag', 'malicious-image', 'retag/tag:1']);
    expect(await through(verb, id)).toMatchObject({ code: 0, stderr: '' });
    expect(await lab.docker(['exec', id, 'docker', 'ps', '-q'])).toMatchObject({ code: 0 });
  });

  test.each(['start', 'restart'])('%s is not helped by a listed name that is given later', async (verb) => {
    const id = await created('retag/tag:1');
    await lab.dockerOutput(['tag', await lab.dockerOutput(['inspect', '--format', '{{.Image}}', id]), 'retag/other:1']);
    await keeper.apply({ images: ['retag/other:1', 'retag/nosuch:*'] });
    const refused = await through(verb, id);
    await keeper.apply(policy);
    expect(refused.stderr).toContain('docker socket mount denied');
    expect(await lab.dockerOutput(['inspect', '--format', '{{.State.Status}}', id])).toBe('created');
  });

  test('a name that moves while the engine creates: the container is removed, and the create refused', async () => {
    await restore('retag/tag:1');
    const held = engine.hold(/^POST \/v1.41\/containers\/create\?name=retag-race/, 'request');
    const creating = create('retag/tag:1', 'retag-race');
    const release = await held;
    await lab.dockerOutput(['tag', 'malicious-image', 'retag/tag:1']);
    release();
    expect(await creating).toMatchObject({
      status: 403,
      message: expect.stringContaining('its tag moved to another image between the check and the create'),
    });
    expect(await lab.dockerOutput(['ps', '-aq', '--filter', 'name=retag-race'])).toBe('');
    expect(await keeper.events()).toContainEqual(
      expect.objectContaining({ outcome: 'refused', reason: 'image-changed', operation: 'ContainerCreate' }),
    );
  });

  test('a name that moves and moves back while the engine creates makes no difference', async () => {
    await restore('retag/tag:1');
    const held = engine.hold(/^POST \/v1.41\/containers\/create\?name=retag-back/, 'request');
    const creating = create('retag/tag:1', 'retag-back');
    const release = await held;
    await lab.dockerOutput(['tag', 'malicious-image', 'retag/tag:1']);
    await restore('retag/tag:1');
    release();
    expect(await creating).toMatchObject({ status: 201 });
  });
}

async function commit(lab: AttachedLab, image: string, name: string): Promise<void> {
  const container = await lab.dockerOutput(['create', '--label', LABEL, image, 'true']);
  await lab.dockerOutput(['commit', '--change', `ENV COMMITTED=${randomUUID()}`, container, name]);
}

async function build(lab: AttachedLab, name: string, dockerfile: string, buildKit: '0' | '1'): Promise<void> {
  const context = mkdtempSync(join(lab.work, 'retag-'));
  writeFileSync(join(context, 'Dockerfile'), `${dockerfile}LABEL made=${randomUUID()}\n`);
  const args = ['build', '--quiet', '--tag', name, context];
  await lab.dockerOutput(args, { env: { DOCKER_BUILDKIT: buildKit } });
}
