import { formatAddress } from '../../../shared/ipc/address.ts';
import { familiarImage } from '../../parts/image-name.ts';
import type { Decision } from './event-store.ts';

type Decided = Pick<Decision, 'reason' | 'entry' | 'image'>;

/** Where the entry of the image list that decided is shown; undefined when none did. */
export function entryAddress({ entry }: Decided): string | undefined {
  return entry === undefined ? undefined : formatAddress({ page: 'allow-list', values: { entry } });
}

/** Where the image that is in the way can be refreshed; undefined when a refresh would not help. */
export function refreshAddress({ reason, entry, image }: Decided): string | undefined {
  const stale =
    reason === 'digest-differs' ? image : reason === 'derived-parent-unconfirmed' ? plainName(entry) : undefined;
  if (stale === undefined) return undefined;
  const values = { ...(entry !== undefined && { entry }), refresh: familiarImage(stale) };
  return formatAddress({ page: 'allow-list', values });
}

/** Of a derived image the parent is stale, which is known by name only where the entry is one. */
function plainName(entry: string | undefined): string | undefined {
  return entry === undefined || /[*@]/.test(entry) ? undefined : entry;
}
