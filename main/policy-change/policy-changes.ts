import { createHash } from 'node:crypto';
import type { Answer } from '../../shared/ipc/contract.ts';
import type {
  AppliedChange,
  PolicyChange,
  PolicyProposal,
  RefusedRequest,
  Suggestion,
} from '../../shared/ipc/policy-change.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import { changedValues, snippetOf } from '../../shared/policy/change.ts';
import type { Policy, PolicyState } from '../../shared/policy/policy.ts';
import { type OpenSettings, type Proposed, proposeChange } from '../../shared/policy/propose-change.ts';
import { suggestChange } from '../../shared/policy/suggest-change.ts';
import { failure } from '../control/outbox.ts';
import type { PolicySource } from '../settings/settings.ts';
import { type ImageQuestions, imageAdvice } from './image-advice.ts';
import { lockedWords, whyNotInForce } from './in-force.ts';

/** Changes of the user's settings file that let something through. A lock is never got past: it is asked for at each step. */
export interface PolicyChanges {
  suggest(request: RefusedRequest): Promise<Answer<Suggestion>>;
  propose(change: PolicyChange): Promise<Answer<PolicyProposal>>;
  apply(change: PolicyChange, basis: string): Promise<Answer<AppliedChange>>;
}

export interface PolicyChangesDeps extends ImageQuestions {
  readonly policy: Pick<PolicySource, 'state' | 'user' | 'reload'>;
  readonly record: (event: EventBody) => void;
}

export function policyChanges(deps: PolicyChangesDeps): PolicyChanges {
  const { policy } = deps;
  const advice = imageAdvice(deps);
  let last: Promise<unknown> = Promise.resolve();

  async function propose(change: PolicyChange): Promise<PolicyProposal> {
    const looked = await policy.user.look();
    if (looked.kind === 'locked') return lockedProposal(change, looked.by, policy.state());
    if (looked.kind === 'unusable') return { kind: 'impossible', problem: looked.problem };
    const proposed = proposeChange(change, looked);
    if (!proposed.ok) return { kind: 'impossible', problem: proposed.problem };
    const { remark, instead } = await advice.beforeListing(change, proposed.policy);
    const better = instead === undefined ? undefined : proposeChange(instead, looked);
    const [chosen, made] = instead && better?.ok ? [instead, better] : [change, proposed];
    return { ...written(chosen, made, looked), ...(remark !== undefined && { remark }) };
  }

  async function apply(change: PolicyChange, basis: string): Promise<Answer<AppliedChange>> {
    const looked = await policy.user.look();
    if (looked.kind === 'locked') return failure('policy-locked', lockedWords(looked.by));
    if (looked.kind === 'unusable') return failure('settings-unusable', looked.problem);
    const proposed = proposeChange(change, looked);
    if (!proposed.ok) return failure('outdated', proposed.problem);
    if (basisOf(looked, proposed.after) !== basis) {
      return failure('outdated', `${looked.userFile} or the policy has changed meanwhile: look at the change again`);
    }
    const wrote = await policy.user.write(looked, proposed.after);
    if (!wrote.ok) return failure(wrote.why, wrote.problem);
    deps.record({ type: 'lifecycle', what: 'settings-written', detail: `${looked.userFile}: ${proposed.words}` });
    const state = await policy.reload();
    const obstacle = whyNotInForce(state, proposed.policy);
    if (obstacle !== undefined) return failure('settings-unusable', `${looked.userFile} was written, but ${obstacle}`);
    return { ok: true, value: { file: looked.userFile, generation: state.generation } };
  }

  return {
    async suggest(request) {
      const state = policy.state();
      return {
        ok: true,
        value: state.kind === 'closed' ? { kind: 'none' } : await suggestion(request, state.policy, advice),
      };
    },
    propose: async (change) => ({ ok: true, value: await propose(change) }),
    apply(change, basis) {
      // One after the other: the second is judged by what the first has written.
      const turn = last.then(() => apply(change, basis));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

async function suggestion(
  request: RefusedRequest,
  policy: Policy,
  advice: ReturnType<typeof imageAdvice>,
): Promise<Suggestion> {
  const suggested = suggestChange(request, policy);
  if (suggested.kind !== 'change') return suggested;
  const change = (await advice.byIdInstead(suggested.change)) ?? suggested.change;
  const changed = changedValues(change, policy.values);
  if (!changed.ok) return { kind: 'allowed-by-now' };
  const { lockedBy } = policy;
  return { kind: 'change', change, snippet: snippetOf(changed.values), ...(lockedBy !== undefined && { lockedBy }) };
}

function lockedProposal(change: PolicyChange, lockedBy: string, state: PolicyState): PolicyProposal {
  const changed = state.kind === 'effective' ? changedValues(change, state.policy.values) : undefined;
  if (changed?.ok !== true) return { kind: 'impossible', problem: changed?.problem ?? lockedWords(lockedBy) };
  return { kind: 'locked', snippet: snippetOf(changed.values), lockedBy };
}

function written(change: PolicyChange, proposed: Proposed & { ok: true }, looked: OpenSettings): PolicyProposal {
  const text = new TextDecoder();
  return {
    kind: 'writable',
    change,
    snippet: proposed.snippet,
    file: looked.userFile,
    before: text.decode(looked.bytes),
    after: text.decode(proposed.after),
    basis: basisOf(looked, proposed.after),
    opens: [...proposed.opens],
    ...(proposed.takesOverFrom !== undefined && { takesOverFrom: proposed.takesOverFrom }),
  };
}

/** Names what is there and what would be there: whoever agreed to that has not agreed to anything else. */
function basisOf({ userFile, bytes }: OpenSettings, after: Uint8Array): string {
  const digest = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
  const parts = [userFile, bytes === undefined ? 'missing' : digest(bytes), digest(after)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
