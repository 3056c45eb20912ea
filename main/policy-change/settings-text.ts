import { createHash } from 'node:crypto';
import type { Answer } from '../../shared/ipc/contract.ts';
import type { AppliedChange } from '../../shared/ipc/policy-change.ts';
import type { SettingsText } from '../../shared/ipc/settings-text.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import { type OpenSettings, policyWith } from '../../shared/policy/propose-change.ts';
import { failure } from '../control/outbox.ts';
import type { PolicySource } from '../settings/settings.ts';
import { lockedWords, whyNotInForce } from './in-force.ts';

/** The user's settings file in an editor. A lock is never got past: it is asked for at each step. */
export interface SettingsEditing {
  look(): Promise<SettingsText>;
  /** Writes a text that is good as a whole, if the file is still what was looked at. */
  write(text: string, basis: string): Promise<Answer<AppliedChange>>;
}

export interface SettingsEditingDeps {
  readonly policy: Pick<PolicySource, 'user' | 'reload'>;
  readonly record: (event: EventBody) => void;
}

export function settingsEditing({ policy, record }: SettingsEditingDeps): SettingsEditing {
  return {
    async look() {
      const looked = await policy.user.lookAtText();
      if (looked.kind === 'locked') return { kind: 'locked', lockedBy: looked.by };
      if (looked.kind === 'unusable') return { kind: 'impossible', problem: looked.problem };
      const { userFile, bytes } = looked;
      const text = bytes === undefined ? {} : { text: new TextDecoder().decode(bytes) };
      return { kind: 'writable', file: userFile, basis: basisOf(looked), ...text };
    },
    async write(text, basis) {
      const looked = await policy.user.lookAtText();
      if (looked.kind === 'locked') return failure('policy-locked', lockedWords(looked.by));
      if (looked.kind === 'unusable') return failure('settings-unusable', looked.problem);
      if (basisOf(looked) !== basis) {
        return failure(
          'outdated',
          `${looked.userFile} has changed meanwhile: load it again, and make the change there`,
        );
      }
      const bytes = new TextEncoder().encode(text);
      const wanted = policyWith(looked, bytes);
      if (!wanted.ok) return failure('settings-unusable', wanted.problem);
      const wrote = await policy.user.write(looked, bytes);
      if (!wrote.ok) return failure(wrote.why, wrote.problem);
      record({ type: 'lifecycle', what: 'settings-written', detail: `${looked.userFile}: edited as a whole` });
      const state = await policy.reload();
      const obstacle = whyNotInForce(state, wanted.policy);
      if (obstacle !== undefined)
        return failure('settings-unusable', `${looked.userFile} was written, but ${obstacle}`);
      return { ok: true, value: { file: looked.userFile, generation: state.generation } };
    },
  };
}

function basisOf({ userFile, bytes }: OpenSettings): string {
  const content = bytes === undefined ? 'missing' : createHash('sha256').update(bytes).digest('hex');
  return createHash('sha256')
    .update(JSON.stringify([userFile, content]))
    .digest('hex');
}
