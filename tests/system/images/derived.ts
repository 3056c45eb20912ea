import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readHolders } from '../../../main/exceptions/holder-records.ts';
import { type AttachedLab, type ImageContent, request } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';

const BIND = '/var/run/docker.sock:/var/run/docker.sock';
const LABEL = 'test=derived';
const BUILDERS = { 'the classic builder': '0', BuildKit: '1' } as const;

/** Parents by the form of the entry that lists them; a pinned one gets its digest when it is published. */
const PARENTS = {
  tag: { name: 'derive/tag:1', entry: 'derive/tag:1' },
  'any tag': { name: 'derive/any:1', entry: 'derive/any:*' },
  glob: { name: 'derive/globbed/one:1', entry: 'derive/globbed/*:*' },
  'a digest': { name: 'derive/pinned:1', entry: 'derive/pinned' },
} as const;

/** What images built on a listed one get, and why others do not. */
export function derivedTests(labOf: () => AttachedLab, store: 'classic' | 'containerd'): void {
  let lab: AttachedLab;
  let keeper: Running;
  let images: readonly string[];

  beforeAll(async () => {
    lab = labOf();
    mkdirSync(lab.work, { recursive: true });
    const entries: string[] = [];
    for (const { name, entry } of Object.values(PARENTS)) {
      const { digest } = await published(name, {});
      entries.push(entry === 'derive/pinned' ? `${entry}@${digest}` : entry);
    }
    images = [...entries, 'derive/upper:1', 'derive/empty:1', 'derive/forged:1', 'derive/missed:1', 'derive/multi:1'];
    keeper = await startLockkeeper(lab, { images, allowDerivedImages: true });
  });
  afterAll(async () => {
    await keeper?.stop();
    const ids = await lab.dockerOutput(['ps', '-aq', '--filter', `label=${LABEL}`]);
    if (ids !== '') await lab.dockerOutput(['rm', '-f', ...ids.split(/\s+/)]);
  });

  /** Published with content of its own and pulled. */
  async function published(name: string, content: ImageContent) {
    const done = await lab.publish(name, { from: 'alpine', files: { '/name': name }, ...content });
    await lab.dockerOutput(['pull', '-q', name]);
    return done;
  }

  async function build(tag: string, dockerfile: string, buildKit: '0' | '1' = '0', ...more: string[]) {
    const context = mkdtempSync(join(lab.work, 'derive-'));
    writeFileSync(join(context, 'Dockerfile'), dockerfile);
    const args = ['build', '--quiet', ...more, '--tag', tag, context];
    await lab.dockerOutput(args, { env: { DOCKER_BUILDKIT: buildKit } });
  }

  async function create(image: string, platform?: string, version = 'v1.41') {
    const query = platform === undefined ? '' : `?platform=${encodeURIComponent(platform)}`;
    const body = { Image: image, Cmd: ['true'], Labels: { test: 'derived' }, HostConfig: { Binds: [BIND] } };
    const answer = await request(keeper.hostGate, `/${version}/containers/create${query}`, { method: 'POST', body });
    return { status: answer.status, ...(JSON.parse(answer.body) as { Id?: string; message?: string }) };
  }

  /** The parent by which a container has its socket. */
  async function derivedFrom({ Id }: { readonly Id?: string }): Promise<string | undefined> {
    const holders = await readHolders(join(keeper.state, 'holders'));
    return holders.find(({ containerId }) => containerId === Id)?.derivedFrom;
  }
  /** What was found once counts until the policy changes, for which the registries are asked again. */
  let rounds = 0;
  const askAgain = async () => {
    rounds += 1;
    await keeper.apply({ images: [...images, `derive/round${rounds}:1`], allowDerivedImages: true });
  };
  const granted = { status: 201 };
  const refused = (...words: string[]) => ({
    status: 403,
    message: expect.stringMatching(new RegExp(words.join('.*'))),
  });

  test.each(Object.entries(PARENTS))(
    'an image on a parent that is listed by %s gets a socket',
    async (form, parent) => {
      await build(`derived/on-${form.replace(' ', '-')}`, `FROM ${parent.name}\nENV MINE=1\n`);
      expect(await create(`derived/on-${form.replace(' ', '-')}`)).toMatchObject(granted);
    },
  );

  describe.each(Object.entries(BUILDERS))('an image that %s made', (_builder, buildKit) => {
    test('in several steps, or with nothing but settings changed, gets a socket', async () => {
      const name = `derived/steps${buildKit}`;
      await build(name, 'FROM derive/tag:1\nENV ONLY=settings\n', buildKit);
      await build(`${name}:2`, `FROM ${name}\nRUN echo 2 >/two\n`, buildKit);
      await build(`${name}:3`, `FROM ${name}:2\nCOPY Dockerfile /three\n`, buildKit);
      for (const one of [name, `${name}:2`, `${name}:3`]) expect(await create(one)).toMatchObject(granted);
    });

    test('of what it copies from a listed one, gets none', async () => {
      const files = 'FROM derive/tag:1 AS tools\nFROM malicious-image\nCOPY --from=tools /name /tools\n';
      await build('derived/copied', files, buildKit);
      expect(await create('derived/copied')).toMatchObject(refused('not in the allowed list', 'not built on a listed'));
      await build('derived/all', 'FROM derive/tag:1 AS tools\nFROM scratch\nCOPY --from=tools / /\n', buildKit);
      expect(await create('derived/all')).toMatchObject(refused('not in the allowed list', 'copied from one'));
    });
  });

  describe('parents', () => {
    test('may be several: one that is confirmed is enough', async () => {
      await published('derive/upper:1', { from: 'derive/tag:1', files: { '/upper': '' } });
      await build('derived/upon-upper', 'FROM derive/upper:1\nRUN echo >/mine\n');
      expect(await create('derived/upon-upper')).toMatchObject(granted);
      await lab.publish('derive/upper:1', { from: 'derive/tag:1', files: { '/upper': 'newer' } });
      await askAgain();
      expect(await derivedFrom(await create('derived/upon-upper'))).toBe('docker.io/derive/tag:1');
    });

    test('without layers make nothing derived', async () => {
      await lab.publish('derive/empty:1', {});
      await lab.dockerOutput(['pull', '-q', 'derive/empty:1']);
      await build('derived/from-empty', 'FROM derive/empty:1\nCOPY Dockerfile /mine\n');
      expect(await create('derived/from-empty')).toMatchObject(refused('not in the allowed list'));
    });

    test('that only bear a listed name make nothing derived, and are named', async () => {
      await lab.publish('derive/forged:1', { from: 'alpine', files: { '/true': '' } });
      await lab.dockerOutput(['tag', 'malicious-image', 'derive/forged:1']);
      await build('derived/from-forged', 'FROM derive/forged:1\nENV MINE=1\n');
      const words = ['built on is not confirmed', 'it is built on "docker.io/derive/forged:1"', 'docker pull'];
      expect(await create('derived/from-forged')).toMatchObject(refused(...words));
    });

    test('that are gone are named, and count again once they are back', async () => {
      await published('derive/missed:1', {});
      await build('derived/orphan', 'FROM derive/missed:1\nENV MINE=1\n');
      expect(await create('derived/orphan')).toMatchObject(granted);
      await lab.dockerOutput(['rmi', '-f', 'derive/missed:1']);
      await askAgain();
      const words = ['built on is not present', 'run: docker pull docker.io/derive/missed:1'];
      expect(await create('derived/orphan')).toMatchObject(refused(...words));
      await lab.dockerOutput(['pull', '-q', 'derive/missed:1']);
      expect(await create('derived/orphan')).toMatchObject(granted);
    });
  });

  test('an image that was squashed, by export and import, gets none', async () => {
    const container = await lab.dockerOutput(['create', '--label', LABEL, 'derive/tag:1', 'true']);
    const archive = join(lab.work, 'derive-export.tar');
    await lab.dockerOutput(['export', '--output', archive, container]);
    await lab.dockerOutput(['import', archive, 'derived/squashed']);
    expect(await create('derived/squashed')).toMatchObject(refused('not in the allowed list', 'squashed, imported'));
  });

  test('an image that a registry has, too, gets none before it is listed itself', async () => {
    const name = `${lab.registry.address}/derived/pushed:1`;
    await build(name, 'FROM derive/tag:1\nRUN echo pushed >/pushed\n');
    await lab.dockerOutput(['push', '--quiet', name]);
    const words = ['not in the allowed list', 'built on "docker.io/derive/tag:1", but a registry has it too'];
    expect(await create(name)).toMatchObject(refused(...words));
  });

  test('while derived images are off, the parent is named', async () => {
    await build('derived/off', 'FROM derive/tag:1\nENV OFF=1\n');
    await keeper.apply({ images, allowDerivedImages: false });
    const words = ['derived images are not allowed', 'built on "docker.io/derive/tag:1"', 'allowDerivedImages to true'];
    expect(await create('derived/off')).toMatchObject(refused(...words));
    await keeper.apply({ images, allowDerivedImages: true });
    expect(await create('derived/off')).toMatchObject(granted);
  });

  // In the classic store an image has one platform.
  if (store === 'classic') return;

  /** An index whose images for two platforms have nothing in common. */
  async function buildTwoFaced(name: string, amd64: string, riscv64: string): Promise<void> {
    const stages = [`${amd64} AS of-amd64`, `${riscv64} AS of-riscv64`, 'of-$TARGETARCH'];
    const from = stages.map((stage) => `FROM ${stage}`).join('\n');
    const platforms = ['--platform', 'linux/amd64,linux/riscv64'];
    await build(name, `ARG TARGETARCH\n${from}\nENV MINE=1\n`, '1', ...platforms);
  }

  test('what a container runs counts, where an index has several platforms', async () => {
    await buildTwoFaced('derived/two-faced', 'derive/tag:1', '--platform=linux/amd64 malicious-image');
    expect(await create('derived/two-faced')).toMatchObject(granted);
    expect(await create('derived/two-faced', 'linux/amd64')).toMatchObject(granted);
    expect(await create('derived/two-faced', 'linux/riscv64')).toMatchObject(refused('not in the allowed list'));
  });

  test('a platform that the engine does not heed is of no use', async () => {
    await published('derive/multi:1', { otherArchitectures: ['riscv64'] });
    await lab.dockerOutput(['pull', '-q', '--platform', 'linux/riscv64', 'derive/multi:1']);
    await buildTwoFaced('derived/other-face', 'malicious-image', '--platform=linux/riscv64 derive/multi:1');
    expect(await create('derived/other-face', 'linux/riscv64')).toMatchObject(granted);
    // moby reads the parameter from API 1.41 on.
    const answer = await create('derived/other-face', 'linux/riscv64', 'v1.40');
    expect(answer).toMatchObject(refused('it would run the image of another platform'));
  });
}
