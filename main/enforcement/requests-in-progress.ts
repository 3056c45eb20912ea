import type { Decision } from '../../shared/decision/decision.ts';
import type { Facts } from '../../shared/decision/facts.ts';
import type { Listener } from '../../shared/decision/listener.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import type { ArrivedRequest, InspectedBody } from '../gate/gate.ts';
import { decisionEvent } from './decision-event.ts';

/** A request that was let through and whose answer, or the stream it has become, has not ended. */
export interface RequestInProgress {
  readonly request: ArrivedRequest;
  readonly listener: Listener;
  /** What was found out when it was decided. */
  readonly facts: Facts;
  /** Ends it, with its connection. */
  readonly cut: () => void;
}

export interface InProgressDeps {
  /** Decides by the policy that is in force now, from these facts and what is not known yet. */
  readonly judge: (
    request: ArrivedRequest,
    listener: Listener,
    known: Facts,
  ) => Promise<{ readonly decision: Exclude<Decision, { kind: 'need' }> }>;
  readonly record: (event: EventBody) => void;
}

export interface RequestsInProgress {
  /** Returns what is called when the request is over. */
  begin(request: RequestInProgress): () => void;
  /** Decides all of them anew and ends those that the policy lets through no longer. */
  policyChanged(): void;
  /** The same for those of one container, which was cut off. */
  cutOff(key: string): void;
}

export function requestsInProgress({ judge, record }: InProgressDeps): RequestsInProgress {
  const open = new Set<RequestInProgress>();

  const judgeAnew = async (one: RequestInProgress): Promise<void> => {
    const { request, listener, cut } = one;
    const { decision } = await judge({ ...request, readBody: bodyIsGone }, listener, lastingFacts(one.facts));
    if (decision.kind !== 'refuse' || !open.delete(one)) return;
    cut();
    const { operation, sentPath } = request;
    const { status: _none, ...event } = decisionEvent(
      { listener, method: request.head.method, sentPath, operation },
      decision,
    );
    record({ ...event, ended: true });
  };

  return {
    begin(one) {
      open.add(one);
      return () => open.delete(one);
    },
    policyChanged() {
      for (const one of [...open]) void judgeAnew(one);
    },
    cutOff(key) {
      for (const one of [...open]) {
        if (one.listener.kind === 'container-socket' && one.listener.holder.key === key) void judgeAnew(one);
      }
    },
  };
}

/** What was found out, without what depends on the policy that it was found out for, or may change at any time. */
export function lastingFacts(facts: Facts): Facts {
  const { image: _image, holderStanding: _standing, cutOff: _cutOff, ...lasting } = facts;
  return lasting;
}

/** What no policy asked for before went on to the engine unseen; what a new one would need it for, it cannot allow. */
async function bodyIsGone(): Promise<InspectedBody> {
  return { kind: 'refused', status: 400, problem: 'the body went on before the policy changed' };
}
