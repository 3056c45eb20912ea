import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { escapeKinds } from '../../shared/escape/kinds.ts';
import { builtInValues, policyPaths } from '../../shared/policy/builtin-values.ts';
import { builtInPolicy, compilePolicy } from '../../shared/policy/effective.ts';
import type { Policy, SettingsRemark } from '../../shared/policy/policy.ts';
import { writeAtomically } from '../state/write-atomically.ts';
import type { Trust } from './trust.ts';
import { readTrusted } from './trusted-read.ts';

/** The last policy that all settings files were good for, and when it came into force (RFC 3339). */
export interface LastGood {
  readonly policy: Policy;
  readonly storedAt: string;
}

const FILE = 'last-good-policy.json';

const origin = z
  .strictObject({
    source: z.enum(['built-in', 'admin', 'user', 'command-line']),
    file: z.string().optional(),
    locked: z.boolean(),
  })
  .transform(({ source, file, locked }) => (file === undefined ? { source, locked } : { source, file, locked }));

const record = z.strictObject({
  version: z.literal(1),
  storedAt: z.iso.datetime(),
  /** The file that `--settings` named, if any: what holds for one is not what holds without it. */
  settingsFile: z.string().nullable(),
  values: z.strictObject({
    'enhancedContainerIsolation.value': z.boolean(),
    'enhancedContainerIsolation.dockerSocketMount.imageList.images': z.array(z.string()).readonly(),
    'enhancedContainerIsolation.dockerSocketMount.imageList.allowDerivedImages': z.boolean(),
    'enhancedContainerIsolation.dockerSocketMount.commandList.type': z.enum(['deny', 'allow']),
    'enhancedContainerIsolation.dockerSocketMount.commandList.commands': z.array(z.string()).readonly(),
    'lockkeeper.unknownOperations': z.enum(['refuse', 'pass']),
    'lockkeeper.offlineGraceHours': z.number(),
    'lockkeeper.resolveEveryMinutes': z.number(),
    'lockkeeper.localImages': z.array(z.string()).readonly(),
    // These came later: a policy that an earlier version kept is as good without them.
    'lockkeeper.previousDigestGraceHours': z.number().default(builtInValues['lockkeeper.previousDigestGraceHours']),
    'lockkeeper.hostGate.hostEscape': z
      .enum(['report', 'deny'])
      .default(builtInValues['lockkeeper.hostGate.hostEscape']),
    'lockkeeper.containerSockets.hostEscape': z
      .enum(['deny', 'report'])
      .default(builtInValues['lockkeeper.containerSockets.hostEscape']),
    'lockkeeper.containerSockets.allow': z
      .array(z.enum(escapeKinds))
      .readonly()
      .default(builtInValues['lockkeeper.containerSockets.allow']),
    'lockkeeper.containerSockets.bindFrom': z
      .array(z.string())
      .readonly()
      .default(builtInValues['lockkeeper.containerSockets.bindFrom']),
    'lockkeeper.mode': z.enum(['enforce', 'observe']).default(builtInValues['lockkeeper.mode']),
    'lockkeeper.audit.path': z.string().default(builtInValues['lockkeeper.audit.path']),
    'lockkeeper.audit.maxMegabytes': z.number().default(builtInValues['lockkeeper.audit.maxMegabytes']),
    'lockkeeper.audit.passes': z.boolean(),
    'lockkeeper.limits.connectionsPerSocket': z
      .number()
      .default(builtInValues['lockkeeper.limits.connectionsPerSocket']),
    'lockkeeper.limits.inspectedBodyMegabytes': z
      .number()
      .default(builtInValues['lockkeeper.limits.inspectedBodyMegabytes']),
    'lockkeeper.limits.heldMegabytes': z.number().default(builtInValues['lockkeeper.limits.heldMegabytes']),
  }),
  origins: z
    .partialRecord(z.enum(policyPaths), origin)
    .transform((given) => ({ ...builtInPolicy().origins, ...given })),
  lockedBy: z.string().optional(),
});

/** Whether two policies say the same, and for the same reasons. */
export function samePolicy(one: Policy, other: Policy): boolean {
  if (one.lockedBy !== other.lockedBy) return false;
  return policyPaths.every(
    (path) =>
      JSON.stringify(one.values[path]) === JSON.stringify(other.values[path]) &&
      one.origins[path].source === other.origins[path].source &&
      one.origins[path].file === other.origins[path].file &&
      one.origins[path].locked === other.origins[path].locked,
  );
}

/** What is kept of earlier runs: a policy, nothing, or something that does not count, and why. */
export type KeptPolicy =
  | { readonly kind: 'good'; readonly lastGood: LastGood }
  | { readonly kind: 'none' }
  | { readonly kind: 'unusable'; readonly problem: SettingsRemark };

/** Where the last good policy is kept. */
export function lastGoodFile(stateFolder: string): string {
  return join(stateFolder, FILE);
}

/** Reads what was stored; anything doubtful about it does not count, which is the stricter reading. */
export async function loadLastGood(
  stateFolder: string,
  settingsFile: string | undefined,
  trust: Trust,
): Promise<KeptPolicy> {
  const file = lastGoodFile(stateFolder);
  const unusable = (text: string): KeptPolicy => ({ kind: 'unusable', problem: { file, text } });
  const reading = await readTrusted(file, 'user', trust);
  if (reading.kind === 'missing') {
    return { kind: 'none' };
  }
  if (reading.kind === 'refused') {
    return unusable(`The last good policy, which is kept here, cannot be used. ${reading.problem}`);
  }
  const parsed = record.safeParse(parseJson(new TextDecoder().decode(reading.bytes)));
  const { data } = parsed;
  const compiled = data && compilePolicy(data.values, data.origins, data.lockedBy);
  if (!parsed.success || !compiled?.ok) {
    return unusable('The last good policy, which is kept here, is damaged or of another version, and does not count.');
  }
  if (parsed.data.settingsFile !== (settingsFile ?? null)) {
    const of = parsed.data.settingsFile === null ? 'without --settings' : `with --settings ${parsed.data.settingsFile}`;
    return unusable(`The last good policy, which is kept here, is of a run ${of}, and does not count for this one.`);
  }
  return { kind: 'good', lastGood: { policy: compiled.policy, storedAt: parsed.data.storedAt } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Stores a policy so that after a crash at any moment either the old or the new record is there, whole. */
export async function storeLastGood(
  stateFolder: string,
  settingsFile: string | undefined,
  { policy, storedAt }: LastGood,
  halfWay?: () => void,
): Promise<void> {
  const { values, origins, lockedBy } = policy;
  const contents: z.input<typeof record> = {
    version: 1,
    storedAt,
    settingsFile: settingsFile ?? null,
    values,
    origins,
    lockedBy,
  };
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  await writeAtomically(lastGoodFile(stateFolder), `${JSON.stringify(contents)}\n`, halfWay);
}
