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

export const refreshStages = ['asking', 'pulling', 'removing', 'done', 'failed', 'cancelled'] as const;

/** One refresh, from its start until it is forgotten some time after its end. */
export const refreshProgressSchema = z.strictObject({
  id: z.string(),
  image: z.string(),
  stage: z.enum(refreshStages),
  startedAt: z.iso.datetime(),
  layers: z.array(layerProgress),
  /** What came of it, or why it failed, with the remedy. */
  detail: z.string().optional(),
  /** The image that is there now. */
  imageId: z.string().optional(),
});
export type RefreshProgress = z.infer<typeof refreshProgressSchema>;
