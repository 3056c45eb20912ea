import type { HolderStanding } from '../../shared/decision/facts.ts';
import { type Permission, standingByImage, standingByPolicy } from '../../shared/decision/holder-standing.ts';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import { systemClocks } from '../clocks/clocks.ts';
import type { ImageFacts } from '../images/image-facts.ts';

export interface StandingsDeps {
  /** See ImageFacts. */
  readonly image: ImageFacts['gather'];
  /** The steady clock: one that is set back must not keep a socket refused. */
  readonly now?: () => number;
}

export type HolderStandings = (holder: SocketHolder, state: PolicyState) => HolderStanding | Promise<HolderStanding>;

/** A registry may take its time; until it has answered, an entry that was never proven for the image counts for nothing. */
const PATIENCE_MS = 800;
/** What was not proven may be proven later: an image that was pulled, a registry that is back. */
const AGAIN_MS = 10_000;

interface Judged {
  standing: HolderStanding | Promise<HolderStanding>;
  /** When it is worth looking again, by the steady clock. */
  againAt: number;
}

/**
 * Whether containers may go on to use their sockets, each judged once per policy. While the policy stays the same,
 * nothing that changes elsewhere takes a socket away.
 */
export function holderStandings({ image, now = systemClocks.steady }: StandingsDeps): HolderStandings {
  const byState = new WeakMap<PolicyState, WeakMap<SocketHolder, Judged>>();
  const latest = new WeakMap<SocketHolder, Permission>();

  const look = async (holder: SocketHolder, state: PolicyState): Promise<HolderStanding> => {
    if (state.kind === 'closed') throw new Error('without a policy there is no entry to look for');
    const { imageId, platform } = holder;
    const found = standingByImage(state, holder, await image(holder.image, state.policy, { imageId, platform }));
    if (found.kind === 'stands' && found.by !== undefined) {
      latest.set(holder, { image: holder.image, imageId: holder.imageId, ...found.by });
    }
    return found;
  };
  const lookWithPatience = (holder: SocketHolder, state: PolicyState, judged: Judged) => {
    const settle = (standing: HolderStanding) => {
      judged.standing = standing;
      judged.againAt = standing.kind === 'stands' ? Number.POSITIVE_INFINITY : now() + AGAIN_MS;
      return standing;
    };
    const looking = look(holder, state).then(settle);
    // The engine is away: whoever asks next looks again.
    looking.catch(() => {
      judged.againAt = Number.NEGATIVE_INFINITY;
    });
    return withinPatience(looking, () => settle(unproven(holder)));
  };

  return (holder, state) => {
    const holders = byState.get(state) ?? new WeakMap<SocketHolder, Judged>();
    byState.set(state, holders);
    const known = holders.get(holder);
    if (known !== undefined && now() < known.againAt) return known.standing;
    const permitted = latest.get(holder);
    const standing = standingByPolicy(state, holder) ?? (permitted && standingByPolicy(state, permitted));
    const judged: Judged = { standing: standing ?? unproven(holder), againAt: Number.POSITIVE_INFINITY };
    if (standing === undefined) judged.standing = lookWithPatience(holder, state, judged);
    holders.set(holder, judged);
    return judged.standing;
  };
}

async function withinPatience<T>(result: Promise<T>, otherwise: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise()), PATIENCE_MS);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

function unproven({ image, entry }: SocketHolder): HolderStanding {
  const refusal = {
    reason: 'registry-unreachable',
    cause: 'its digest is not confirmed yet',
    addition: `the entry that allowed it, "${entry}", is not listed any more, and the registry has not answered for the others yet; try again`,
  } as const;
  return { kind: 'refused', image, refusal };
}
