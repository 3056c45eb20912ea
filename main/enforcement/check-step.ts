import { commandOf } from '../../shared/commands/command-of.ts';
import type { Observed } from '../../shared/decision/decision.ts';
import type { PlannedRequest } from '../../shared/docker-line/planned-request.ts';
import type { CheckStep } from '../../shared/ipc/check.ts';
import type { DryRun } from './dry-run.ts';

/** A decision about a planned request, as a report shows it. */
export function checkStep(request: PlannedRequest, { operation, decision }: DryRun): CheckStep {
  const command = operation && commandOf(operation.id);
  const base = {
    operation: operation?.id ?? 'Malformed',
    ...(command !== undefined && { command }),
    method: request.method,
    path: request.target,
    ...(request.condition !== undefined && { condition: request.condition }),
    ...(request.why !== undefined && { when: request.why }),
  };
  const notes = 'observed' in decision && decision.observed !== undefined ? [observedNote(decision.observed)] : [];
  switch (decision.kind) {
    case 'pass':
      return { ...base, verdict: 'allowed', notes: decision.note === undefined ? notes : [...notes, unknownNote] };
    case 'absent':
      return { ...base, verdict: 'allowed', status: 404, message: decision.message, notes: [absentNote] };
    case 'rewrite':
      return {
        ...base,
        verdict: 'allowed',
        ...socketOf(decision),
        notes: [...notes, ...decision.covers.map(coverNote)],
      };
    case 'refuse': {
      const { refusal } = decision;
      const verdict = refusal.reason === 'engine-unreachable' ? 'undecided' : 'blocked';
      return { ...base, verdict, ...refusal, notes: [] };
    }
  }
}

const unknownNote = 'not an operation that Lockkeeper knows; it would be recorded';
const absentNote = 'the image is not there, which the client is told, so that it pulls';

function observedNote({ refusal }: Observed): string {
  return `it would be blocked, and goes on since Lockkeeper observes: ${refusal.message}`;
}

function coverNote(path: string): string {
  return `${path} would be covered by an empty folder, as Lockkeeper's own state lies there`;
}

function socketOf({ grant }: Extract<DryRun['decision'], { kind: 'rewrite' }>): Pick<CheckStep, 'socket'> {
  if (grant === undefined) return {};
  return { socket: { entry: grant.entry, image: grant.image, targets: [...grant.targets] } };
}
