import { familiarImage } from '../../parts/image-name.ts';
import { formatAddress } from '../../shell/address.ts';
import type { Decision } from './event-store.ts';

type Decided = Pick<Decision, 'reason' | 'rule' | 'image'>;

/** Where the entry of the image list that decided is shown; undefined when none did. */
export function entryAddress({ rule }: Decided): string | undefined {
  const entry = entryIn(rule);
  return entry === undefined ? undefined : formatAddress({ page: 'allow-list', values: { entry } });
}

/** Where the image that is in the way can be refreshed; undefined when a refresh would not help. */
export function refreshAddress({ reason, rule, image }: Decided): string | undefined {
  const entry = entryIn(rule);
  const stale =
    reason === 'digest-differs' ? image : reason === 'derived-parent-unconfirmed' ? plainName(entry) : undefined;
  if (stale === undefined) return undefined;
  const values = { ...(entry !== undefined && { entry }), refresh: familiarImage(stale) };
  return formatAddress({ page: 'allow-list', values });
}

/** The rule as the decision words it. */
function entryIn(rule: string | undefined): string | undefined {
  return /^image list entry "(.+)"$/.exec(rule ?? '')?.[1];
}

/** Of a derived image the parent is stale, which is known by name only where the entry is one. */
function plainName(entry: string | undefined): string | undefined {
  return entry === undefined || /[*@]/.test(entry) ? undefined : entry;
}
