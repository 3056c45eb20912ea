import type Dockerode from 'dockerode';

export interface LocalImage {
  readonly id: string;
  readonly tags: readonly string[];
  /** `name@sha256:…` as the engine reports them: with the containerd store any tag makes one. */
  readonly repoDigests: readonly string[];
  /** Diff IDs of what a container of it runs, base first. None where the engine does not say whose they are. */
  readonly layers: readonly string[];
  /** The digest of the manifest that a container of it runs; only the containerd store tells it (engine 28 or newer). */
  readonly manifest?: string;
  /** The same of each platform's image, where `id` is that of an index. */
  readonly manifests?: readonly string[];
}

/** Its `Descriptor` and `Manifests` are of the containerd store only (moby API 1.48). */
type Inspected = Dockerode.ImageInspectInfo;

type ManifestSummary = NonNullable<Inspected['Manifests']>[number];

interface OciPlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

/** Asks the engine for an image with these query parameters. */
export type Inspect = (name: string, query: Readonly<Record<string, string>>) => Promise<object | undefined>;

/**
 * An image with what a container of that platform runs, by default the one that the engine chooses itself. In the
 * containerd store one ID may stand for the images of several platforms, which need have nothing in common.
 */
export async function localImage(
  inspect: Inspect,
  name: string,
  platform: string | undefined,
): Promise<LocalImage | undefined> {
  const image = (await inspect(name, { manifests: '1' })) as Inspected | undefined;
  if (image === undefined) return undefined;
  const common = { id: image.Id, tags: image.RepoTags ?? [], repoDigests: image.RepoDigests ?? [] };
  const layers = image.RootFS?.Layers ?? [];
  // Classic, where an image has one platform; or an older engine, which does not tell.
  if (!image.Manifests) return { ...common, layers };
  const ofImages = image.Manifests.filter(({ Kind }) => Kind === 'image');
  const manifests = ofImages.map(({ Descriptor }) => Descriptor.digest);
  if (platform === undefined) {
    const manifest = chosenByDefault(image, ofImages);
    return manifest === undefined ? { ...common, layers: [], manifests } : { ...common, layers, manifest, manifests };
  }
  const asked = (await inspect(image.Id, { platform: ociPlatform(platform) })) as Inspected | undefined;
  const manifest = asked?.Descriptor?.digest;
  // An engine that does not know the parameter describes the index.
  if (manifest === undefined || !manifests.includes(manifest)) return { ...common, layers: [], manifests };
  return { ...common, layers: asked?.RootFS?.Layers ?? [], manifest, manifests };
}

/** The manifest that was inspected, if its platform says so: an index may list several for one. */
function chosenByDefault(image: Inspected, ofImages: readonly ManifestSummary[]): string | undefined {
  const [only, ...others] = ofImages;
  if (others.length === 0) return only?.Descriptor.digest;
  const alike = ofImages.filter(({ ImageData }) => {
    return ImageData?.Platform.os === image.Os && ImageData.Platform.architecture === image.Architecture;
  });
  const exact = alike.filter(({ ImageData }) => (ImageData?.Platform.variant ?? '') === (image.Variant ?? ''));
  const [found, ...more] = alike.length === 1 ? alike : exact;
  return more.length === 0 ? found?.Descriptor.digest : undefined;
}

/** `linux/arm/v7`, or `arm64` alone, as the query takes it. What it cannot be is not found by the engine. */
function ociPlatform(platform: string): string {
  const [first = '', second, variant] = platform.split('/');
  const [os, architecture] = second === undefined ? ['linux', first] : [first, second];
  return JSON.stringify({ os, architecture, ...(variant !== undefined && { variant }) });
}

/** As people write it: `linux/arm/v7`. */
export function platformWords({ os, architecture, variant = '' }: OciPlatform): string {
  return [os, architecture, variant].filter((part) => part !== '').join('/');
}
