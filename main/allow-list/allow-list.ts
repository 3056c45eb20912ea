import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { AllowList } from '../../shared/ipc/allow-list.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { DigestResolver } from '../images/digest-resolver.ts';
import type { Journal } from '../journal/journal.ts';
import type { PolicySource } from '../settings/settings.ts';
import { askRegistries } from './ask-registries.ts';
import { listResolver } from './resolve-list.ts';
import { watchImages } from './watch-images.ts';

export interface AllowListDeps {
  readonly policy: Pick<PolicySource, 'state' | 'onChange'>;
  readonly engine: Pick<EngineClient, 'images' | 'image' | 'containers' | 'watchImages'>;
  readonly digests: DigestResolver;
  readonly holders: () => readonly SocketHolder[];
  readonly journal: Pick<Journal, 'subscribe'>;
}

/** The image list with what each entry comes to on this machine. */
export interface ResolvedList {
  /** As it is known now. */
  read(): Promise<AllowList>;
  /** Asks the registries first, where it is not too early to ask again. */
  resolve(): Promise<AllowList>;
  /** Tells that it may have changed; returns what ends that. */
  watch(changed: () => void): () => void;
}

export function resolvedList(deps: AllowListDeps): ResolvedList {
  const { policy, engine, digests, holders, journal } = deps;
  const read = listResolver({ policy: policy.state, engine, registries: digests, holders });
  return {
    read,
    async resolve() {
      const state = policy.state();
      const images = await engine.images().catch(() => undefined);
      if (state.kind === 'effective' && images !== undefined) await askRegistries(state.policy, images, digests);
      return read();
    },
    watch(changed) {
      const ends = [
        policy.onChange(changed),
        digests.onAnswer(changed),
        watchImages(engine, changed),
        journal.subscribe((event) => {
          const isAbout = event.type === 'socket' || (event.type === 'lifecycle' && event.what.startsWith('engine-'));
          if (isAbout) changed();
        }),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
