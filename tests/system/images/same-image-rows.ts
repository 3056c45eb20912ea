import { join } from 'node:path';
import type { AttachedLab, ImageContent, Published } from '../../lab/lab.ts';

/** What becomes of a container that asks for a socket, as the table in docs/images.md says it. */
export type Outcome = 'the same' | 'no: digest differs' | 'no: pinned digest differs' | 'no: not listed' | '404, pull';

/** A row of the table "What counts as the same image" in docs/images.md, with how to bring it about. */
export interface SameImageRow {
  readonly here: string;
  readonly entry: string;
  readonly createdAs: string;
  readonly classic: Outcome;
  readonly containerd: Outcome;
  /** Brings the image here; the repository is the row's own. */
  prepare(stage: Stage): Promise<Asking>;
}

/** The entry that the list gets, and the create that is sent. */
export interface Asking {
  readonly entry: string;
  readonly image: string;
  readonly platform?: string;
}

export interface Stage {
  readonly lab: AttachedLab;
  readonly repository: string;
  publish(content?: ImageContent, name?: string): Promise<Published>;
  pull(name: string, ...options: string[]): Promise<void>;
  docker(...args: string[]): Promise<string>;
}

const TWO_PLATFORMS: ImageContent = { otherArchitectures: ['riscv64'] };
const OTHER_PLATFORM = 'linux/riscv64';

/** Publishes and pulls the row's image, and asks for it by its tag. */
async function pulled(stage: Stage, content?: ImageContent) {
  const published = await stage.publish(content);
  const tag = `${stage.repository}:1`;
  await stage.pull(tag);
  const at = (digest: string) => `${stage.repository}@${digest}`;
  return { published, tag, at, asTag: { entry: tag, image: tag } };
}

export const SAME_IMAGE_ROWS: readonly SameImageRow[] = [
  {
    here: 'pulled by tag, one platform',
    entry: 'tag',
    createdAs: 'tag',
    classic: 'the same',
    containerd: 'the same',
    prepare: async (stage) => (await pulled(stage)).asTag,
  },
  {
    here: 'pulled by tag, an index',
    entry: 'tag',
    createdAs: 'tag',
    classic: 'the same',
    containerd: 'the same',
    prepare: async (stage) => (await pulled(stage, TWO_PLATFORMS)).asTag,
  },
  {
    here: 'pulled by tag, an index',
    entry: 'digest of the index',
    createdAs: 'tag',
    classic: 'the same',
    containerd: 'the same',
    async prepare(stage) {
      const { at, tag, published } = await pulled(stage, TWO_PLATFORMS);
      return { entry: at(published.digest), image: tag };
    },
  },
  {
    here: 'pulled by tag, an index',
    entry: 'tag and digest of the index',
    createdAs: 'tag',
    classic: 'the same',
    containerd: 'the same',
    async prepare(stage) {
      const { tag, published } = await pulled(stage, TWO_PLATFORMS);
      return { entry: `${stage.repository}:other@${published.digest}`, image: tag };
    },
  },
  {
    here: 'pulled by tag, an index',
    entry: "digest of this platform's manifest",
    createdAs: 'tag',
    classic: 'no: pinned digest differs',
    containerd: 'the same',
    async prepare(stage) {
      const { at, tag, published } = await pulled(stage, TWO_PLATFORMS);
      return { entry: at(published.platformDigest), image: tag };
    },
  },
  {
    here: 'pulled by tag, an index',
    entry: "digest of another platform's manifest",
    createdAs: 'tag',
    classic: 'no: pinned digest differs',
    containerd: 'no: pinned digest differs',
    async prepare(stage) {
      const { at, tag, published } = await pulled(stage, TWO_PLATFORMS);
      return { entry: at(published.manifests.get('riscv64') ?? ''), image: tag };
    },
  },
  {
    here: 'an index, pulled by its digest',
    entry: 'tag',
    createdAs: 'digest',
    classic: 'the same',
    containerd: 'the same',
    async prepare(stage) {
      const published = await stage.publish(TWO_PLATFORMS);
      const image = `${stage.repository}@${published.digest}`;
      await stage.pull(image);
      return { entry: `${stage.repository}:1`, image };
    },
  },
  {
    here: 'pulled by tag',
    entry: 'tag',
    createdAs: 'tag and digest',
    classic: 'the same',
    containerd: 'the same',
    async prepare(stage) {
      const { tag, published } = await pulled(stage, TWO_PLATFORMS);
      return { entry: tag, image: `${tag}@${published.digest}` };
    },
  },
  {
    here: "pulled by the digest of its platform's manifest",
    entry: 'any tag',
    createdAs: 'digest',
    classic: 'the same',
    containerd: 'the same',
    async prepare(stage) {
      const published = await stage.publish(TWO_PLATFORMS);
      const image = `${stage.repository}@${published.platformDigest}`;
      await stage.pull(image);
      return { entry: `${stage.repository}:*`, image };
    },
  },
  {
    here: "pulled by the digest of its platform's manifest",
    entry: 'tag of the index',
    createdAs: 'digest',
    classic: 'no: digest differs',
    containerd: 'no: digest differs',
    async prepare(stage) {
      const published = await stage.publish(TWO_PLATFORMS);
      const image = `${stage.repository}@${published.platformDigest}`;
      await stage.pull(image);
      return { entry: `${stage.repository}:1`, image };
    },
  },
  {
    here: "pulled by the digest of its platform's manifest, and by tag",
    entry: 'tag of the index',
    createdAs: 'digest',
    classic: 'the same',
    containerd: 'the same',
    async prepare(stage) {
      const { at, tag, published } = await pulled(stage, TWO_PLATFORMS);
      const image = at(published.platformDigest);
      await stage.pull(image);
      return { entry: tag, image };
    },
  },
  {
    here: "pulled by the digest of its platform's manifest, and by tag",
    entry: "digest of this platform's manifest",
    createdAs: 'tag',
    classic: 'the same',
    containerd: 'the same',
    async prepare(stage) {
      const { at, tag, published } = await pulled(stage, TWO_PLATFORMS);
      const entry = at(published.platformDigest);
      await stage.pull(entry);
      return { entry, image: tag };
    },
  },
  {
    here: 'pulled by tag, one platform',
    entry: 'tag',
    createdAs: 'image ID',
    classic: 'the same',
    containerd: 'the same',
    async prepare(stage) {
      const { tag } = await pulled(stage);
      return { entry: tag, image: await stage.docker('image', 'inspect', '--format', '{{.Id}}', tag) };
    },
  },
  {
    here: 'pulled by tag, an index',
    entry: 'tag',
    createdAs: 'short image ID',
    classic: 'the same',
    containerd: 'the same',
    async prepare(stage) {
      const { tag } = await pulled(stage, TWO_PLATFORMS);
      return { entry: tag, image: (await stage.docker('image', 'inspect', '--format', '{{.Id}}', tag)).slice(7, 19) };
    },
  },
  {
    here: 'pulled by tag, OCI media types',
    entry: 'tag',
    createdAs: 'tag',
    classic: 'the same',
    containerd: 'the same',
    prepare: async (stage) => (await pulled(stage, { mediaTypes: 'oci' })).asTag,
  },
  {
    here: 'pulled by tag, an OCI index with an attestation',
    entry: 'tag',
    createdAs: 'tag',
    classic: 'the same',
    containerd: 'the same',
    prepare: async (stage) => (await pulled(stage, { mediaTypes: 'oci', attested: true })).asTag,
  },
  {
    here: 'pulled by tag, an OCI index with an attestation',
    entry: 'digest of the attestation',
    createdAs: 'tag',
    classic: 'no: pinned digest differs',
    containerd: 'no: pinned digest differs',
    async prepare(stage) {
      const { at, tag, published } = await pulled(stage, { mediaTypes: 'oci', attested: true });
      return { entry: at(published.manifests.get('unknown') ?? ''), image: tag };
    },
  },
  {
    here: 'pulled by tag for another platform',
    entry: 'tag',
    createdAs: 'tag, with that platform',
    classic: 'the same',
    containerd: 'the same',
    async prepare(stage) {
      await stage.publish(TWO_PLATFORMS);
      const tag = `${stage.repository}:1`;
      await stage.pull(tag, '--platform', OTHER_PLATFORM);
      return { entry: tag, image: tag, platform: OTHER_PLATFORM };
    },
  },
  {
    here: 'pulled by tag for two platforms, one after the other',
    entry: "digest of this platform's manifest",
    createdAs: 'tag, with the other platform',
    classic: 'no: pinned digest differs',
    containerd: 'no: pinned digest differs',
    async prepare(stage) {
      const { at, tag, published } = await pulled(stage, TWO_PLATFORMS);
      await stage.pull(tag, '--platform', OTHER_PLATFORM);
      return { entry: at(published.platformDigest), image: tag, platform: OTHER_PLATFORM };
    },
  },
  {
    here: 'pulled by tag',
    entry: 'tag',
    createdAs: 'tag, with a platform that is not here',
    classic: '404, pull',
    containerd: '404, pull',
    async prepare(stage) {
      const { asTag } = await pulled(stage, TWO_PLATFORMS);
      return { ...asTag, platform: OTHER_PLATFORM };
    },
  },
  {
    here: 'pulled through a mirror by its name at the mirror',
    entry: 'tag at the mirror',
    createdAs: 'tag at the mirror',
    classic: 'the same',
    containerd: 'the same',
    async prepare(stage) {
      await stage.publish(TWO_PLATFORMS);
      const tag = `${stage.lab.registry.address}/${stage.repository}:1`;
      await stage.pull(tag);
      return { entry: tag, image: tag };
    },
  },
  {
    here: 'pulled through a mirror by its name at the mirror',
    entry: 'tag at the registry',
    createdAs: 'tag at the mirror',
    classic: 'no: not listed',
    containerd: 'no: not listed',
    async prepare(stage) {
      await stage.publish(TWO_PLATFORMS);
      const tag = `${stage.lab.registry.address}/${stage.repository}:1`;
      await stage.pull(tag);
      return { entry: `${stage.repository}:1`, image: tag };
    },
  },
  {
    here: 'pulled by tag, saved and loaded again',
    entry: 'tag',
    createdAs: 'tag',
    classic: 'no: digest differs',
    containerd: 'the same',
    async prepare(stage) {
      const { tag, asTag } = await pulled(stage);
      const archive = join(stage.lab.work, `${stage.repository.replace('/', '-')}.tar`);
      await stage.docker('save', '--output', archive, tag);
      await stage.docker('rmi', tag);
      await stage.docker('load', '--quiet', '--input', archive);
      return asTag;
    },
  },
  {
    here: 'pulled by tag, with another name too',
    entry: 'tag',
    createdAs: 'the other name',
    classic: 'the same',
    containerd: 'the same',
    async prepare(stage) {
      const { tag } = await pulled(stage, TWO_PLATFORMS);
      await stage.docker('tag', tag, `${stage.repository}-mine:2`);
      return { entry: tag, image: `${stage.repository}-mine:2` };
    },
  },
  {
    here: 'pulled from another repository that has it, too',
    entry: 'tag',
    createdAs: 'tag at the other repository',
    classic: 'no: not listed',
    containerd: 'no: not listed',
    async prepare(stage) {
      await stage.publish();
      await stage.publish({}, `${stage.repository}-copy:1`);
      await stage.pull(`${stage.repository}-copy:1`);
      return { entry: `${stage.repository}:1`, image: `${stage.repository}-copy:1` };
    },
  },
  {
    here: 'pulled from another repository that has it, too, and tagged',
    entry: 'tag',
    createdAs: 'tag',
    classic: 'the same',
    containerd: 'the same',
    async prepare(stage) {
      await stage.publish();
      await stage.publish({}, `${stage.repository}-copy:1`);
      await stage.pull(`${stage.repository}-copy:1`);
      await stage.docker('tag', `${stage.repository}-copy:1`, `${stage.repository}:1`);
      return { entry: `${stage.repository}:1`, image: `${stage.repository}:1` };
    },
  },
  {
    here: 'another image, tagged with the name',
    entry: 'tag',
    createdAs: 'tag',
    classic: 'no: digest differs',
    containerd: 'no: digest differs',
    async prepare(stage) {
      await stage.publish();
      await stage.docker('tag', 'malicious-image', `${stage.repository}:1`);
      return { entry: `${stage.repository}:1`, image: `${stage.repository}:1` };
    },
  },
  {
    here: 'another image, tagged with the name',
    entry: 'digest',
    createdAs: 'tag',
    classic: 'no: pinned digest differs',
    containerd: 'no: pinned digest differs',
    async prepare(stage) {
      const { at, tag, published } = await pulled(stage);
      await stage.docker('tag', 'malicious-image', tag);
      return { entry: at(published.digest), image: tag };
    },
  },
];
