/** A local image in the engine's list. */
export interface ListedLocalImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly repoDigests: readonly string[];
  /** RFC 3339. */
  readonly createdAt: string;
}

export interface LocalImages {
  list(): Promise<readonly ListedLocalImage[]>;
  /** Diff IDs, base first; undefined when the image has gone meanwhile. */
  layers(id: string): Promise<readonly string[] | undefined>;
}

/** The digests of an image, whatever name stands before them. */
export function digestsOf({ repoDigests }: Pick<ListedLocalImage, 'repoDigests'>): readonly string[] {
  return [...new Set(repoDigests.flatMap((name) => name.split('@')[1] ?? []))];
}
