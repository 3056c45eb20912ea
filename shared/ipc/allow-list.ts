import { z } from 'zod';
import { registryTroubles } from '../images/registry-trouble.ts';

/** RFC 3339 in UTC. */
const time = z.iso.datetime();
const digest = z.string().regex(/^[a-z0-9]+:[0-9a-f]{32,128}$/);

/** How an entry of the image list names images; `image-id` stands in `lockkeeper.localImages`. */
export const entryKinds = ['tag', 'any-tag', 'pinned', 'glob', 'everything', 'image-id', 'unreadable'] as const;

/**
 * What a local image is worth by an entry. `confirmed`: a container of it may have a socket now. `previous`: it still may,
 * but the registry has another image under its name by now. `stale`: the same, and it may not any more, or the registry
 * never had this one. `absent`: the registry has nothing under the name. `denied`:
 * the registry wants other credentials. `unconfirmed`: no registry was asked yet.
 */
export const imageStates = [
  'confirmed',
  'previous',
  'stale',
  'absent',
  'unreachable',
  'denied',
  'unconfirmed',
] as const;

/**
 * What an entry is worth now. `match`: all local images that it names are confirmed. `unreachable` and `denied` beat
 * what the registry said before. `unknown`: the engine does not answer, so nothing is known of local images.
 */
export const entryStates = [
  'match',
  'previous',
  'stale',
  'not-local',
  'absent',
  'unreachable',
  'denied',
  'unconfirmed',
  'unknown',
  'everything',
  'bad-reference',
] as const;

/** A local image that an entry names. */
const listedImage = z.strictObject({
  /** Name and tag; absent for images that lost theirs. */
  name: z.string().optional(),
  imageId: z.string(),
  /** The digest by which it was pulled or pushed, where the engine knows one. */
  digest: digest.optional(),
  createdAt: time.optional(),
  state: z.enum(imageStates),
  /** Why, where it needs words: the registry's answer. */
  detail: z.string().optional(),
  /** What keeps the registry from telling, while it does not. */
  trouble: z.enum(registryTroubles).optional(),
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
  /** What keeps the registry from telling, while it does not. */
  trouble: z.enum(registryTroubles).optional(),
  /** What the registry has under the tag, or the digest that is pinned. */
  registryDigest: digest.optional(),
  /** When the registry said so last. */
  confirmedAt: time.optional(),
  /** Set while the registry cannot be reached: since when. */
  unreachableSince: time.optional(),
  /** Until when what was confirmed counts: the registry cannot be reached, or has another image by now (`previous`). */
  countsUntil: time.optional(),
  images: z.array(listedImage),
  derived: z.array(derivedImage),
  holders: z.array(socketHolder),
  /** What a refresh would pull: the entry's own image, or the stale ones that a wildcard names. */
  refreshable: z.array(z.string()),
});
export type AllowListEntry = z.infer<typeof allowListEntrySchema>;
export type ListedImageState = (typeof imageStates)[number];

/** Whether a refresh is what brings it up to date. */
export function isBehind(state: AllowListEntry['state'] | ListedImageState): boolean {
  return state === 'stale' || state === 'previous';
}

export const allowListSchema = z.strictObject({
  generation: z.number().int(),
  /** There is no usable policy, so nothing is listed. */
  closed: z.boolean(),
  allowDerivedImages: z.boolean(),
  /** Where the image list comes from; absent: built in. */
  file: z.string().optional(),
  entries: z.array(allowListEntrySchema),
  /** Why nothing is known of the local images: the engine cannot be reached. */
  problem: z.string().optional(),
});
export type AllowList = z.infer<typeof allowListSchema>;
