import type { EventBody } from '../../shared/journal/event.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { DigestResolver } from '../images/digest-resolver.ts';
import type { RegistryAuth } from '../images/registry-credentials.ts';
import type { Reached } from '../steps/step.ts';
import type { RefreshNotes } from './notes.ts';

/** What a refresh asks, and what it does it with. */
export interface RefreshDeps {
  readonly engine: Pick<
    EngineClient,
    'image' | 'containersOf' | 'foreignPlatform' | 'pull' | 'removeImage' | 'removeStopped'
  >;
  readonly digests: Pick<DigestResolver, 'askNow' | 'knownHolds'>;
  readonly credentials: (registryHost: string) => Promise<RegistryAuth>;
  readonly policy: () => PolicyState;
  readonly notes: RefreshNotes;
  readonly record: (event: EventBody) => void;
  readonly reached: Reached;
}
