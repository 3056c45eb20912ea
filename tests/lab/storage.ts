import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { arch } from 'node:process';
import { type Blob, blobOf, type Files, jsonBlob, layerOf } from './layer.ts';
import {
  blobFile,
  hexOf,
  link,
  linkRevision,
  pathOf,
  readJson,
  repositoryFolder,
  tagFolder,
  writeBlob,
} from './registry-files.ts';

/** What an image is made of: the layers of a published one, more files on top, and settings for its containers. */
export interface ImageContent {
  /** A published image whose layers and settings come first; without it the image is made from scratch. */
  readonly from?: string;
  /** The files of one more layer. */
  readonly files?: Files;
  /** Settings of the image config as Docker names them (Cmd, Entrypoint, Env, User, ExposedPorts, Labels …). */
  readonly config?: Readonly<Record<string, unknown>>;
  /**
   * Architectures, the machine's own first by default. With more than one the tag points at a manifest list, as most
   * tags of Docker Hub do; the others hold a marker file only.
   */
  readonly otherArchitectures?: readonly string[];
  /** Whose media types its manifests have; default Docker's. */
  readonly mediaTypes?: 'docker' | 'oci';
  /** With an attestation beside it, as BuildKit makes them: the tag then points at an index. */
  readonly attested?: boolean;
}

export interface Published {
  /** What the tag points at: the list's digest where there is a list. */
  readonly digest: string;
  /** The digest of the manifest for this machine's architecture. */
  readonly platformDigest: string;
  /** The image ID on engines with the classic store: the config's digest. */
  readonly imageId: string;
  /** All manifests of the list by their architecture, `unknown` for attestations; without a list the only one. */
  readonly manifests: ReadonlyMap<string, string>;
}

interface ImageConfig {
  readonly architecture: string;
  readonly os: 'linux';
  readonly config: Readonly<Record<string, unknown>>;
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly string[] };
  readonly created: string;
  readonly history: readonly { readonly created: string; readonly created_by: string }[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

interface Manifest extends Partial<Descriptor> {
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly (Descriptor & { readonly platform: { readonly architecture: string } })[];
}

/** The same everywhere, so that digests are. */
const CREATED = '2026-01-01T00:00:00Z';
const DOCKER_TYPES: MediaTypes = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  list: 'application/vnd.docker.distribution.manifest.list.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar',
};
const OCI_TYPES: MediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  list: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
};

type MediaTypes = Readonly<Record<'manifest' | 'list' | 'config' | 'layer', string>>;

/** Where the manifests of one image go, and in whose words. */
interface Target {
  readonly root: string;
  readonly repository: string;
  readonly types: MediaTypes;
}

/** The machine's architecture in Go's spelling, which image platforms use. */
export const ARCHITECTURE = arch === 'x64' ? 'amd64' : arch;

/** The storage folder of the registry that a reference names; all share one folder of blobs. */
export type StoreOf = (reference: string) => string;

/**
 * Writes an image straight into a registry's storage folder (layout of distribution's filesystem driver, "v2"), which
 * a running registry serves at once: no engine and no upload is needed, and the tag moves in one step.
 */
export async function publishImage(storeOf: StoreOf, reference: string, image: ImageContent): Promise<Published> {
  const root = storeOf(reference);
  const { repository, tag } = splitReference(reference);
  const types = image.mediaTypes === 'oci' ? OCI_TYPES : DOCKER_TYPES;
  const target: Target = { root, repository, types };
  const base = image.from === undefined ? undefined : readImage(storeOf(image.from), image.from);
  const layer = image.files === undefined ? undefined : await layerOf(image.files);
  if (layer !== undefined) writeBlob(root, layer);
  const layers = [...(base?.layers ?? []), ...(layer === undefined ? [] : [describe(types.layer, layer)])];
  const config: ImageConfig = {
    architecture: ARCHITECTURE,
    os: 'linux',
    config: { ...base?.config.config, ...image.config },
    rootfs: { type: 'layers', diff_ids: layers.map((one) => one.digest) },
    created: CREATED,
    history: layers.map((_, index) => ({ created: CREATED, created_by: `layer ${index + 1}` })),
  };
  const own = writeManifest(target, config, layers);
  const others = (image.otherArchitectures ?? []).map((name) => foreign(target, name));
  const attestations = image.attested === true ? [foreign(target, UNKNOWN)] : [];
  const all = [own, ...(await Promise.all([...others, ...attestations]))];
  const top = all.length === 1 ? own : writeList(target, all);
  link(tagFolder(root, repository, tag), `index/${pathOf(top.digest)}`, top.digest);
  link(tagFolder(root, repository, tag), 'current', top.digest);
  return {
    digest: top.digest,
    platformDigest: own.digest,
    imageId: own.imageId,
    manifests: new Map(all.map(({ architecture, digest }) => [architecture, digest])),
  };
}

/** The architecture, and the system, of what is no image. */
const UNKNOWN = 'unknown';

/** Takes a tag away; what it pointed at can still be had by digest. */
export function removeTag(storeOf: StoreOf, reference: string): void {
  const { repository, tag } = splitReference(reference);
  rmSync(tagFolder(storeOf(reference), repository, tag), { recursive: true, force: true });
}

/** Takes a repository away with all its tags and digests. */
export function removeRepository(storeOf: StoreOf, name: string): void {
  rmSync(repositoryFolder(storeOf(name), splitReference(name).repository), { recursive: true, force: true });
}

/** Removes the last layer's content, as a storage fault would: the manifest still names it. */
export function removeLastLayer(storeOf: StoreOf, reference: string): void {
  const root = storeOf(reference);
  const last = readImage(root, reference).layers.at(-1);
  if (last === undefined) throw new Error(`${reference} has no layer`);
  rmSync(blobFile(root, last.digest));
}

/** The image as the archive that `docker load` reads; nothing of it is in the registry. */
export async function loadableArchive(storeOf: StoreOf, name: string, image: ImageContent): Promise<Uint8Array> {
  const scratch = `lab/${randomUUID()}:latest`;
  const root = storeOf(scratch);
  await publishImage(storeOf, scratch, image);
  const { layers, config } = readImage(root, scratch);
  removeRepository(storeOf, scratch);
  const blobs = layers.map(({ digest }) => [`${hexOf(digest)}.tar`, readFileSync(blobFile(root, digest))] as const);
  const manifest = [
    {
      Config: 'config.json',
      RepoTags: [/:[\w.-]+$/.test(name) ? name : `${name}:latest`],
      Layers: blobs.map(([file]) => file),
    },
  ];
  const archive = await layerOf({
    ...Object.fromEntries(blobs),
    'config.json': JSON.stringify(config),
    'manifest.json': JSON.stringify(manifest),
  });
  return archive.bytes;
}

/** A repository and tag as their registry stores them; on the Hub, "alpine" is library/alpine, tag latest. */
export function splitReference(reference: string): { readonly repository: string; readonly tag: string } {
  const [, registry = 'docker.io', path = ''] = /^(?:([^/]*[.:][^/]*)\/)?(.*)$/.exec(reference) ?? [];
  const [, name = '', tag = 'latest'] = /^([a-z0-9._/-]+)(?::([\w.-]+))?$/.exec(path) ?? [];
  if (name === '') throw new Error(`"${reference}" is not a name with an optional tag`);
  return { repository: name.includes('/') || registry !== 'docker.io' ? name : `library/${name}`, tag };
}

function readImage(root: string, reference: string): { layers: readonly Descriptor[]; config: ImageConfig } {
  const { repository, tag } = splitReference(reference);
  const current = join(tagFolder(root, repository, tag), 'current/link');
  if (!existsSync(current)) throw new Error(`${reference} is not published`);
  const top = readJson<Manifest>(root, readFileSync(current, 'utf8'));
  const listed = top.manifests?.find((one) => one.platform.architecture === ARCHITECTURE);
  const manifest = listed === undefined ? top : readJson<Manifest>(root, listed.digest);
  if (manifest.config === undefined) throw new Error(`${reference} has no manifest for ${ARCHITECTURE}`);
  return { layers: manifest.layers ?? [], config: readJson<ImageConfig>(root, manifest.config.digest) };
}

type WrittenManifest = Descriptor & { readonly imageId: string; readonly architecture: string };

function writeManifest(
  { root, repository, types }: Target,
  config: ImageConfig,
  ofAnyType: readonly Descriptor[],
): WrittenManifest {
  const layers = ofAnyType.map((layer) => ({ ...layer, mediaType: types.layer }));
  const configBlob = jsonBlob(config);
  writeBlob(root, configBlob);
  const content = { schemaVersion: 2, mediaType: types.manifest, config: describe(types.config, configBlob), layers };
  const manifest = blobOf(Buffer.from(JSON.stringify(content, null, 3)));
  writeBlob(root, manifest);
  for (const { digest } of [content.config, ...layers])
    link(repositoryFolder(root, repository), `_layers/${pathOf(digest)}`, digest);
  linkRevision(root, repository, manifest.digest);
  return { ...describe(types.manifest, manifest), imageId: configBlob.digest, architecture: config.architecture };
}

function writeList({ root, repository, types }: Target, manifests: readonly WrittenManifest[]): Descriptor {
  const entries = manifests.map(({ mediaType, digest, size, architecture }) =>
    architecture === UNKNOWN
      ? { mediaType, digest, size, ...attesting(manifests[0]?.digest) }
      : { mediaType, digest, size, platform: { architecture, os: 'linux' } },
  );
  const list = jsonBlob({ schemaVersion: 2, mediaType: types.list, manifests: entries });
  writeBlob(root, list);
  linkRevision(root, repository, list.digest);
  return describe(types.list, list);
}

/** As BuildKit describes the attestation of an image in an index. */
function attesting(image: string | undefined) {
  return {
    platform: { architecture: UNKNOWN, os: UNKNOWN },
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': image },
  };
}

async function foreign(target: Target, architecture: string): Promise<WrittenManifest> {
  const { root, repository, types } = target;
  const layer = await layerOf({ '/architecture': architecture, '/repository': repository });
  writeBlob(root, layer);
  const rootfs = { type: 'layers', diff_ids: [layer.digest] } as const;
  const history = [{ created: CREATED, created_by: 'layer 1' }];
  const config = { architecture, os: 'linux', config: {}, created: CREATED, rootfs, history } as const;
  return writeManifest(target, config, [describe(types.layer, layer)]);
}

function describe(mediaType: string, blob: Blob): Descriptor {
  return { mediaType, digest: blob.digest, size: blob.bytes.length };
}
