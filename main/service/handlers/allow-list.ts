import { type ResolvedList, resolvedList } from '../../allow-list/allow-list.ts';
import type { ContainerSockets } from '../../exceptions/container-sockets.ts';
import type { ImageService } from '../../images/image-service.ts';
import type { Journal } from '../../journal/journal.ts';
import type { PolicySource } from '../../settings/settings.ts';
import { liveQuestion } from '../live-question.ts';
import type { HandlersFor } from './handlers-for.ts';

export interface AllowListDeps {
  readonly policy: PolicySource;
  readonly sockets: Pick<ContainerSockets, 'holders'>;
  readonly journal: Journal;
  readonly images: Pick<ImageService, 'digests'>;
  readonly facts: { readonly engine: Parameters<typeof resolvedList>[0]['engine'] };
}

/** The image list with what each entry comes to on this machine. */
export function allowListHandlers(deps: AllowListDeps): HandlersFor<'resolveAllowList', 'allowList'> {
  const { policy, sockets, journal, images, facts } = deps;
  const list: ResolvedList = resolvedList({
    policy,
    engine: facts.engine,
    digests: images.digests,
    holders: sockets.holders,
    journal,
  });
  const live = liveQuestion({ ask: list.read, watch: list.watch });
  return {
    requests: { resolveAllowList: async () => ({ ok: true, value: await list.resolve() }) },
    pushes: { allowList: (_, push) => live.subscribe(push) },
  };
}
