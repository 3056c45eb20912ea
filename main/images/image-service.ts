import type { EventBody } from '../../shared/journal/event.ts';
import { systemClocks } from '../clocks/clocks.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import { thisPlatform } from '../settings/platform.ts';
import { goOn, type Reached } from '../steps/step.ts';
import { openLedger } from './digest-ledger.ts';
import { type DigestResolver, digestResolver } from './digest-resolver.ts';
import { type ImageFacts, imageFacts } from './image-facts.ts';
import { registryCredentials } from './registry-credentials.ts';
import { type ResolvingDeps, startResolving } from './start-resolving.ts';

export interface ImageServiceOptions {
  readonly engine: Pick<EngineClient, 'image' | 'taggedImages' | 'info' | 'distribution'>;
  readonly policy: ResolvingDeps['policy'];
  readonly stateFolder: string;
  readonly record: (event: EventBody) => void;
  /** Whether the engine answers now: what is asked while it is away is asked again when it is back. */
  readonly isReachable: () => boolean;
  /** The ID of the engine that answers, or of the last that did. */
  readonly engineId: () => string | undefined;
  readonly reached?: Reached;
}

export interface ImageService {
  /** See ImageFacts. */
  readonly gather: ImageFacts['gather'];
  /** What registries have said, and ways to ask them. */
  readonly digests: DigestResolver;
  /** The engine answers (again). */
  engineIsBack(): void;
  /** Ends the schedule and writes what registries have confirmed. */
  stop(): Promise<void>;
}

/** Opens what registries have confirmed so far and goes on to keep it current. */
export async function startImages(options: ImageServiceOptions): Promise<ImageService> {
  const { engine, policy, stateFolder, record, isReachable, reached = goOn } = options;
  const ledger = await openLedger({
    stateFolder,
    reached,
    engine: options.engineId,
    trust: thisPlatform().trust,
    onProblem: (detail) => record({ type: 'lifecycle', what: 'digest-unresolved', detail }),
  });
  const credentials = registryCredentials();
  const resolver = digestResolver({ engine, credentials, ledger, record, clocks: systemClocks });
  const facts = imageFacts({ engine, resolver, ledger });
  const resolving = startResolving({
    policy,
    isReachable,
    async resolve(current, which) {
      const isComplete = await resolver.resolveAll(current, which);
      await facts.takeNote(current);
      return isComplete;
    },
    // The engine may be away, which others tell; when it is back, all is asked again.
    failed: (error) => record({ type: 'lifecycle', what: 'digest-unresolved', detail: String(error) }),
  });
  return {
    digests: resolver,
    gather: facts.gather,
    engineIsBack: resolving.engineIsBack,
    async stop() {
      resolving.stop();
      await ledger.flush();
    },
  };
}
