import { commandBlocked, mountDenied, podmanRefused, requestRefused } from '../messages/refusal.ts';
import type { PolicyPath, PolicyState } from '../policy/policy.ts';
import type { Decision, DecisionInput } from './decision.ts';
import type { RefusalReason } from './reason.ts';

export const IMAGES = 'enhancedContainerIsolation.dockerSocketMount.imageList.images';
export const DERIVED = 'enhancedContainerIsolation.dockerSocketMount.imageList.allowDerivedImages';
export const COMMANDS = 'enhancedContainerIsolation.dockerSocketMount.commandList.commands';

/** The file that a value comes from, in words for a message. */
export function whereSet(state: PolicyState, path: PolicyPath): string {
  if (state.kind === 'closed') return state.problems[0]?.file ?? 'no settings file';
  return state.policy.origins[path].file ?? 'built-in default';
}

export function fileOf(state: PolicyState, path: PolicyPath): { file?: string } {
  const file = state.kind === 'effective' ? state.policy.origins[path].file : state.problems[0]?.file;
  return file === undefined ? {} : { file };
}

export function refuseCommand(input: DecisionInput, reason: RefusalReason, rule: string, addition: string): Decision {
  const message = commandBlocked(input.sentPath, addition);
  const refusal = { status: 403, reason, message, remedy: addition, rule, ...fileOf(input.state, COMMANDS) } as const;
  return { kind: 'refuse', refusal };
}

export interface MountRefusal {
  readonly reason: RefusalReason;
  /** What tells this reason from the others, in Docker's place of the sentence. */
  readonly cause: string;
  /** What and remedy, in our parentheses. */
  readonly addition: string;
  readonly rule?: string;
  /** The image-list entry that the rule is about. */
  readonly entry?: string;
}

export function refuseMount(input: DecisionInput, image: string, refusal: MountRefusal): Decision {
  const { reason, cause, addition, rule, entry } = refusal;
  const message = mountDenied(image, cause, addition);
  const about = entry === undefined ? {} : { entry };
  const place = rule === undefined ? {} : { rule, ...about, ...fileOf(input.state, IMAGES) };
  return { kind: 'refuse', image, refusal: { status: 403, reason, message, remedy: addition, ...place } };
}

/** What Podman would do, and Docker would not. */
export function refusePodman(input: DecisionInput, problem: string): Decision {
  return {
    kind: 'refuse',
    refusal: { status: 403, reason: 'podman-api', message: podmanRefused(input.sentPath, problem), remedy: problem },
  };
}

export function refuseBody(status: 400 | 413 | 431, problem: string): Decision {
  return { kind: 'refuse', refusal: { status, reason: unreadableReason(status), message: requestRefused(problem) } };
}

/** Why a request is refused that cannot be read: it is more than is read (RFC 9110 §15.5, RFC 6585 §5), or ambiguous. */
export function unreadableReason(status: number): 'body-too-large' | 'head-too-large' | 'malformed-request' {
  if (status === 413) return 'body-too-large';
  return status === 414 || status === 431 ? 'head-too-large' : 'malformed-request';
}

/** The sentence about a settings file that cannot be used. */
export function invalidPolicy(state: PolicyState): string {
  const first = state.kind === 'closed' ? state.problems[0] : undefined;
  if (first === undefined) return 'there is no usable policy';
  const place = [first.file, first.line, first.column].filter((part) => part !== undefined).join(':');
  return `the policy cannot be used, so nothing is allowed until it is mended: ${place}: ${first.text}`;
}
