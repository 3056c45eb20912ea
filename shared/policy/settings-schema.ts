import { z } from 'zod';
import { escapeKinds } from '../escape/kinds.ts';

/** A value of a feature that this version does not have: only its default is accepted, anything else is an error. */
function onlyDefault<Schema extends z.ZodType>(schema: Schema, isDefault: (value: z.output<Schema>) => boolean) {
  return schema.refine(isDefault, { error: NOT_SUPPORTED });
}

/** A key of a feature that this version does not have, and that has no default which could be written down. */
function notBuilt() {
  return z.unknown().refine((value) => value === undefined, { error: NOT_SUPPORTED });
}

/** A limit that people choose within bounds; what is outside is told with both of them. */
function wholeNumber(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.number().refine((value) => Number.isInteger(value) && value >= least && value <= most, { error });
}

/** Zod's own records leave a key `__proto__` out, so that one with nothing else would count as empty. */
function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

/**
 * The name's end keeps a slip of the pen from appending to a file that is something else; no folder of the path is `.`
 * or `..`, so that what is read is what is meant.
 */
const JOURNAL_PATH = /^(?:[A-Za-z]:[\\/]|\/)(?:(?!\.{1,2}[\\/])[^\\/\p{Cc}]+[\\/])*[^\\/\p{Cc}]+\.jsonl$/u;

/** Spelled as the engine cleans it, so that what is compared is what is meant; Windows' folders with their drive. */
function isFolderPath(path: string): boolean {
  const [, below] = /^(?:[A-Za-z]:[\\/]|\/)(.*?)[\\/]?$/u.exec(path) ?? [];
  if (below === undefined || /\p{Cc}/u.test(path)) return false;
  return below === '' || below.split(/[\\/]/).every((name) => !['', '.', '..'].includes(name));
}

/** Marks, among the reasons that a check can give, a value whose feature is not built. */
export const NOT_SUPPORTED = 'not supported by this version';

const enhancedContainerIsolation = z.strictObject({
  locked: z.boolean().optional(),
  value: z.boolean().optional(),
  dockerSocketMount: z
    .strictObject({
      imageList: z
        .strictObject({
          images: z.array(z.string()).optional(),
          allowDerivedImages: z.boolean().optional(),
        })
        .optional(),
      commandList: z
        .strictObject({
          type: z.enum(['deny', 'allow']).optional(),
          commands: z.array(z.string()).optional(),
        })
        .optional(),
    })
    .optional(),
});

const lockkeeper = z.strictObject({
  mode: z.enum(['enforce', 'observe']).optional(),
  hostGate: z
    .strictObject({
      hostEscape: z.enum(['report', 'deny']).optional(),
    })
    .optional(),
  containerSockets: z
    .strictObject({
      hostEscape: z.enum(['deny', 'report']).optional(),
      allow: z.array(z.enum(escapeKinds)).optional(),
      bindFrom: z
        .array(
          z.string().refine(isFolderPath, {
            error: 'must be the absolute path of a folder, without . and .. in it, such as /home/ci/work',
          }),
        )
        .optional(),
    })
    .optional(),
  unknownOperations: z.enum(['refuse', 'pass']).optional(),
  /** A year at most: digests that nobody confirmed for longer say nothing any more. */
  offlineGraceHours: z.number().int().min(0).max(8760).optional(),
  previousDigestGraceHours: z.number().int().min(0).max(8760).optional(),
  /** Two minutes is how often a registry may be asked about one entry at all. */
  resolveEveryMinutes: z.number().int().min(2).max(10_080).optional(),
  localImages: z
    .array(
      z.string().regex(/^sha256:[0-9a-f]{64}$/, {
        error: 'must be an image ID as `docker image inspect` prints it: sha256: and 64 digits 0-9, a-f',
      }),
    )
    .optional(),
  perImageCommands: onlyDefault(z.unknown(), isEmptyObject).optional(),
  audit: z
    .strictObject({
      path: z
        .string()
        .regex(JOURNAL_PATH, {
          error:
            'must be the absolute path of a file whose name ends with .jsonl, such as /var/log/lockkeeper/journal.jsonl',
        })
        .optional(),
      /** At least what a thousand of the largest lines take, at most a terabyte. */
      maxMegabytes: z.number().int().min(8).max(1_000_000).optional(),
      passes: z.boolean().optional(),
    })
    .optional(),
  limits: z
    .strictObject({
      connectionsPerSocket: wholeNumber(16, 65_535).optional(),
      /** The smallest holds every create that honest tools send; the largest is read as JSON in well under a second. */
      inspectedBodyMegabytes: wholeNumber(1, 16).optional(),
      /** Not less than two of the largest bodies, so that no choice of the two keeps an admitted body from coming. */
      heldMegabytes: wholeNumber(32, 1024).optional(),
    })
    .optional(),
  telemetry: z.strictObject({ otlpEndpoint: notBuilt().optional() }).optional(),
});

/**
 * A settings file, with its keys already in their canonical spelling. The top level is open, since Docker Desktop
 * keeps its own settings in the same file; our two sections are closed, since a mistyped key would silently allow.
 */
export const settingsSchema = z.object({
  configurationFileVersion: z.literal(2).optional(),
  enhancedContainerIsolation: enhancedContainerIsolation.optional(),
  lockkeeper: lockkeeper.optional(),
});

export type SettingsDocument = z.infer<typeof settingsSchema>;
