import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { policyPaths } from '../../shared/policy/builtin-values.ts';
import { compilePolicy } from '../../shared/policy/effective.ts';
import type { Policy } from '../../shared/policy/policy.ts';
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
    'lockkeeper.audit.passes': z.boolean(),
  }),
  origins: z.record(z.enum(policyPaths), origin),
});

/** Whether two policies say the same, and for the same reasons. */
export function samePolicy(one: Policy, other: Policy): boolean {
  return policyPaths.every(
    (path) =>
      JSON.stringify(one.values[path]) === JSON.stringify(other.values[path]) &&
      one.origins[path].source === other.origins[path].source &&
      one.origins[path].file === other.origins[path].file &&
      one.origins[path].locked === other.origins[path].locked,
  );
}

/** Reads what was stored; anything doubtful about it counts as nothing stored, which is the stricter reading. */
export async function loadLastGood(
  stateFolder: string,
  settingsFile: string | undefined,
  trust: Trust,
): Promise<LastGood | undefined> {
  const reading = await readTrusted(join(stateFolder, FILE), 'user', trust);
  if (reading.kind !== 'read') {
    return undefined;
  }
  const parsed = record.safeParse(parseJson(new TextDecoder().decode(reading.bytes)));
  if (!parsed.success || parsed.data.settingsFile !== (settingsFile ?? null)) {
    return undefined;
  }
  const compiled = compilePolicy(parsed.data.values, parsed.data.origins);
  return compiled.ok ? { policy: compiled.policy, storedAt: parsed.data.storedAt } : undefined;
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
): Promise<void> {
  const { values, origins } = policy;
  const contents: z.input<typeof record> = {
    version: 1,
    storedAt,
    settingsFile: settingsFile ?? null,
    values,
    origins,
  };
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  await writeAtomically(join(stateFolder, FILE), `${JSON.stringify(contents)}\n`);
}
