import type { PolicyChange } from '../ipc/policy-change.ts';
import { readSettings, renderRemark } from './admin-settings.ts';
import { policyPaths } from './builtin-values.ts';
import { type Changed, type ChangedValue, changedValues, snippetOf } from './change.ts';
import { describeOperations } from './describe-operations.ts';
import { editSettings, type SettingsEdit } from './edit-settings.ts';
import { effectivePolicy, type SettingsFile } from './effective.ts';
import type { Policy, PolicyPath, SettingsRemark } from './policy.ts';

/** The settings as they are: what the administrator's file says without locking it, and the user's file. */
export interface OpenSettings {
  readonly admin: SettingsFile | undefined;
  /** Path of the user's file, whether it is there or not. */
  readonly userFile: string;
  /** What it holds; undefined when it is not there. */
  readonly bytes: Uint8Array | undefined;
}

/** What a change would make of the user's settings file. */
export type Proposed =
  | {
      readonly ok: true;
      readonly snippet: string;
      readonly after: Uint8Array;
      readonly policy: Policy;
      /** What is done, as a clause. */
      readonly words: string;
      readonly opens: readonly string[];
      /** The file whose list is copied into the user's, where the user's has none yet. */
      readonly takesOverFrom?: string;
    }
  | { readonly ok: false; readonly problem: string };

/**
 * Puts a change into the user's file and reads the outcome as the service would: what it does not do, or does beside,
 * is a problem and not a proposal.
 */
export function proposeChange(change: PolicyChange, settings: OpenSettings): Proposed {
  const now = policyWith(settings, settings.bytes);
  if (!now.ok) return now;
  const changed = changedValues(change, now.policy.values);
  if (!changed.ok) return changed;
  const after = editSettings(settings.bytes ?? new Uint8Array(), changed.values.map(toEdit));
  if (after === undefined) return no(`${settings.userFile} has a form that cannot be added to: change it by hand`);
  const then = policyWith(settings, after);
  if (!then.ok) return then;
  const side = sideEffect(now.policy, then.policy, changed.values);
  if (side !== undefined) return no(`it would change ${side} as well: change ${settings.userFile} by hand`);
  const from = listFile(now.policy, changed.values, settings.userFile);
  const effects = { opens: opened(now.policy, then.policy), ...(from !== undefined && { takesOverFrom: from }) };
  return { ok: true, after, policy: then.policy, ...said(changed), ...effects };
}

function listFile({ origins }: Policy, values: readonly ChangedValue[], userFile: string): string | undefined {
  const lists = values.filter(({ value }) => Array.isArray(value)).map(({ path }) => origins[path].file);
  return lists.find((file) => file !== undefined && file !== userFile);
}

function said({ values, words }: Changed & { ok: true }) {
  return { snippet: snippetOf(values), words };
}

/** The policy that these bytes as the user's file come to, read as the service would. */
export function policyWith({ admin, userFile }: OpenSettings, bytes: Uint8Array | undefined) {
  const reading = bytes === undefined ? undefined : readSettings(bytes, userFile);
  if (reading?.ok === false) return no(words(reading.problems));
  const user = reading && { source: 'user' as const, file: userFile, settings: reading.settings };
  const effective = effectivePolicy({ admin, user });
  return effective.ok ? effective : no(words(effective.problems));
}

function toEdit({ path, value }: ChangedValue): SettingsEdit {
  return { path: path.split('.'), value };
}

/** The first value that is not as it was, or as it was to be. */
function sideEffect(now: Policy, then: Policy, changed: readonly ChangedValue[]): PolicyPath | undefined {
  const wanted = { ...now.values, ...Object.fromEntries(changed.map(({ path, value }) => [path, value])) };
  return policyPaths.find((path) => JSON.stringify(then.values[path]) !== JSON.stringify(wanted[path]));
}

/** Requests that the command list refuses now and would not then. */
function opened(now: Policy, then: Policy): readonly string[] {
  const refused = new Set(refusedBy(now));
  for (const request of refusedBy(then)) refused.delete(request);
  return [...refused];
}

function refusedBy(policy: Policy): readonly string[] {
  const state = { kind: 'effective', generation: 0, policy, warnings: [], problems: [] } as const;
  return describeOperations(state).flatMap(({ verdict, request }) => (verdict === 'refuse' ? [request] : []));
}

function words(problems: readonly SettingsRemark[]): string {
  return problems.map(renderRemark).join('\n');
}

function no(problem: string) {
  return { ok: false, problem } as const;
}
