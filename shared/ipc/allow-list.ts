import { z } from 'zod';

/** RFC 3339 in UTC. */
const time = z.iso.datetime();
const digest = z.string().regex(/^[a-z0-9]+:[0-9a-f]{32,128}$/);

/** How an entry of the image list names images; `image-id` stands in `lockkeeper.localImages`. */
export const entryKinds = ['tag', 'any-tag', 'pinned', 'glob', 'everything', 'image-id', 'unreadable'] as const;

/**
 * What an entry is worth now. `match`: a local image is what the registry has. `stale`: there is a local image, and the
 * registry has another one under its name. `unconfirmed`: no registry was ever asked, or the first answer is awaited.
 */
export const entryStates = [
  'match',
  'stale',
  'not-local',
  'unreachable',
  'unconfirmed',
  'everything',
  'bad-reference',
] as const;

/** A local image that an entry names, and whether it is what the registry has. */
const listedImage = z.strictObject({
  /** Name and tag; absent for images that lost theirs. */
  name: z.string().optional(),
  imageId: z.string(),
  /** The digest by which it was pulled or pushed, where the engine knows one of this repository. */
  digest: digest.optional(),
  createdAt: time.optional(),
  isConfirmed: z.boolean(),
});

const derivedImage = z.strictObject({ imageId: z.string(), names: z.array(z.string()) });
const socketHolder = z.strictObject({ key: z.string(), containerId: z.string(), name: z.string() });

/** One entry of the image list with what it comes to on this machine. */
export const allowListEntrySchema = z.strictObject({
  /** As the settings file has it. */
  entry: z.string(),
  /** With registry, namespace and tag written out. */
  normalised: z.string(),
  kind: z.enum(entryKinds),
  state: z.enum(entryStates),
  /** Why the state is what it is, where it needs words: the registry's answer, what is wrong with the reference. */
  detail: z.string().optional(),
  /** What the registry has under the tag, and when it said so last. */
  registryDigest: digest.optional(),
  confirmedAt: time.optional(),
  /** Set while the registry cannot be reached: since when. */
  unreachableSince: time.optional(),
  images: z.array(listedImage),
  derived: z.array(derivedImage),
  holders: z.array(socketHolder),
  /** What `refresh` would pull: the entry's own image, or the stale ones that a wildcard names. */
  refreshable: z.array(z.string()),
});
export type AllowListEntry = z.infer<typeof allowListEntrySchema>;

export const allowListSchema = z.strictObject({
  generation: z.number().int(),
  allowDerivedImages: z.boolean(),
  entries: z.array(allowListEntrySchema),
  /** Why nothing is known of the local images: the engine cannot be reached. */
  problem: z.string().optional(),
});
export type AllowList = z.infer<typeof allowListSchema>;
