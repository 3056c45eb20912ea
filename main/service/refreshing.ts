import type { EngineClient } from '../engine/engine-client.ts';
import type { ImageService } from '../images/image-service.ts';
import { registryAuth } from '../images/registry-credentials.ts';
import type { Journal } from '../journal/journal.ts';
import { refreshNotes } from '../refresh/notes.ts';
import { type Refreshes, refreshes } from '../refresh/refresh.ts';
import type { PolicySource } from '../settings/settings.ts';
import type { Reached } from '../steps/step.ts';
import type { EngineState } from './engine-state.ts';
import type { OpenState } from './state.ts';

export interface RefreshingDeps {
  readonly state: Pick<OpenState, 'folder'>;
  readonly policy: Pick<PolicySource, 'state'>;
  readonly journal: Pick<Journal, 'record' | 'subscribe'>;
  readonly engine: Pick<EngineState, 'view'>;
  readonly facts: { readonly engine: EngineClient };
  readonly images: Pick<ImageService, 'digests'>;
  readonly reached: Reached;
}

/** Refreshes of this run; what an earlier one left in the middle is finished as soon as the engine answers. */
export function startRefreshing(deps: RefreshingDeps): Refreshes {
  const { state, policy, journal, engine, facts, images, reached } = deps;
  const all = refreshes({
    engine: facts.engine,
    digests: images.digests,
    credentials: (registryHost) => registryAuth(registryHost),
    policy: policy.state,
    notes: refreshNotes(state.folder),
    record: journal.record,
    reached,
  });
  let unsubscribe = () => {};
  // When the engine goes away in the middle of it, it is done when the engine is back.
  const finish = () => all.finishUnfinished().then(unsubscribe, () => undefined);
  unsubscribe = journal.subscribe((event) => {
    if (event.type === 'lifecycle' && event.what === 'engine-reachable') void finish();
  });
  if (engine.view().reachable) void finish();
  return {
    ...all,
    async stop() {
      unsubscribe();
      await all.stop();
    },
  };
}
