import { z } from 'zod';
import { policyPaths } from '../policy/builtin-values.ts';

const originSchema = z.strictObject({
  source: z.enum(['built-in', 'admin', 'user', 'command-line']),
  file: z.string().optional(),
  locked: z.boolean(),
});

const describedValueSchema = z.strictObject({
  path: z.enum(policyPaths),
  value: z.union([z.boolean(), z.number(), z.string(), z.array(z.string()).readonly()]),
  origin: originSchema,
});

const describedImageSchema = z.strictObject({
  /** As the settings file has it. */
  entry: z.string(),
  /** With registry, namespace and tag written out. */
  normalised: z.string(),
});

const describedOperationSchema = z.strictObject({
  id: z.string(),
  /** Method and path in the engine's notation: `POST /images/{name}/push`. */
  request: z.string(),
  /** `own` passes for containers that were created through the same socket, and no others. */
  verdict: z.enum(['pass', 'own', 'refuse']),
  /** The policy's words that refuse it. */
  rule: z.string().optional(),
});
/** What becomes of a kind of request on a filtered socket, before anything is known about its container or image. */
export type DescribedOperation = Readonly<z.infer<typeof describedOperationSchema>>;

const describedCommandSchema = z.strictObject({
  /** As in `docker GROUP --help`: `image push`. */
  name: z.string(),
  aliases: z.array(z.string()).readonly(),
  group: z.string().optional(),
  /**
   * `partly`: it works, but not with every flag, object or client version. `own`: it works for containers that were
   * created through the same socket.
   */
  verdict: z.enum(['allowed', 'partly', 'own', 'blocked']),
  /** Of a blocked one: the policy's words, and the request that they refuse. */
  rule: z.string().optional(),
  by: z.string().optional(),
  note: z.string().optional(),
  operations: z
    .array(
      z.strictObject({
        request: z.string(),
        verdict: z.enum(['pass', 'own', 'refuse']),
        rule: z.string().optional(),
        /** `defining` makes it that command; `at-times` is sent with some flags or by some clients only. */
        part: z.enum(['defining', 'needed', 'at-times']),
      }),
    )
    .readonly(),
});
/** What becomes of a docker command on a filtered socket. */
export type DescribedCommand = Readonly<z.infer<typeof describedCommandSchema>>;

const remarkSchema = z.strictObject({
  file: z.string(),
  line: z.number().int().exactOptional(),
  column: z.number().int().exactOptional(),
  path: z.string().exactOptional(),
  text: z.string(),
});

/** The effective policy as the enforcer holds it, in plain data: for the window, `lockkeeper policy` and diagnostics. */
export const policyDescriptionSchema = z.strictObject({
  kind: z.enum(['effective', 'closed']),
  generation: z.number().int().nonnegative(),
  /** False only where a settings file says so; without a usable policy everything is refused, not passed. */
  enforced: z.boolean(),
  /** What it refuses goes on, and is only recorded. */
  observing: z.boolean(),
  /** Empty when there is no usable policy. */
  values: z.array(describedValueSchema).readonly(),
  images: z.array(describedImageSchema).readonly(),
  operations: z.array(describedOperationSchema).readonly(),
  commands: z.array(describedCommandSchema).readonly(),
  warnings: z.array(remarkSchema).readonly(),
  problems: z.array(remarkSchema).readonly(),
  /** When the policy in force was stored, RFC 3339; set while a settings file is unusable. */
  lastGoodFrom: z.string().optional(),
});
export type PolicyDescription = Readonly<z.infer<typeof policyDescriptionSchema>>;
