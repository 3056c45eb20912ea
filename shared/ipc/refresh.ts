import { z } from 'zod';

const digest = z.string();

/** Longest image name that is taken; the engine's own limit for a repository name is 255. */
export const imageNameSchema = z.string().min(1).max(512);

/** What becomes of containers that were made from the image that goes. Running ones are never touched. */
export const containerChoiceSchema = z.enum(['keep', 'remove-stopped']);
export type ContainerChoice = z.infer<typeof containerChoiceSchema>;

/** What a refresh of one image would do, found out without doing any of it. */
export const refreshPlanSchema = z.strictObject({
  image: z.string(),
  /** `current`: nothing to do. `blocked`: it cannot be done now, and `problem` says why. */
  verdict: z.enum(['refresh', 'current', 'blocked']),
  problem: z.string().optional(),
  localImageId: z.string().optional(),
  localDigest: digest.optional(),
  registryDigest: digest.optional(),
  /** Other names of the local image: it stays for them. */
  alsoNamed: z.array(z.string()),
  /** Containers that were made from the local image. */
  containers: z.array(z.strictObject({ id: z.string(), name: z.string(), state: z.string(), isRunning: z.boolean() })),
  /** The docker commands that come to the same. */
  commands: z.array(z.string()),
});
export type RefreshPlan = z.infer<typeof refreshPlanSchema>;

const layerProgress = z.strictObject({
  id: z.string(),
  /** The engine's own word: `Downloading`, `Extracting`, `Pull complete`. */
  status: z.string(),
  current: z.number().nonnegative().optional(),
  total: z.number().nonnegative().optional(),
});
export type LayerProgress = z.infer<typeof layerProgress>;

/** In this order; the last four are ends. `current`: the image was what the registry has, so nothing was done. */
export const refreshStages = [
  'waiting',
  'asking',
  'pulling',
  'removing',
  'done',
  'current',
  'failed',
  'cancelled',
] as const;

/**
 * Why the old image is still there, without the name: it has others (`names`); containers were made from it (`names`);
 * no registry is known to have it, so it could not be had again; or as the engine says (`detail`).
 */
const oldImageLeft = z.strictObject({
  why: z.enum(['other-names', 'containers', 'only-copy', 'engine']),
  names: z.array(z.string()),
  detail: z.string().optional(),
});
export type OldImageLeft = z.infer<typeof oldImageLeft>;

/** One refresh, from its start until it is forgotten some time after its end. */
export const refreshProgressSchema = z.strictObject({
  id: z.string(),
  image: z.string(),
  stage: z.enum(refreshStages),
  startedAt: z.iso.datetime(),
  layers: z.array(layerProgress),
  /** Why it failed, with the remedy where there is one. */
  problem: z.string().optional(),
  /** Digests of the image before and after. */
  from: digest.optional(),
  to: digest.optional(),
  /** The image that is there now. */
  imageId: z.string().optional(),
  /** Names of the containers that were removed, as was asked for. */
  removedContainers: z.array(z.string()),
  left: oldImageLeft.optional(),
});
export type RefreshProgress = z.infer<typeof refreshProgressSchema>;

export function isOver({ stage }: Pick<RefreshProgress, 'stage'>): boolean {
  return refreshStages.indexOf(stage) >= refreshStages.indexOf('done');
}
