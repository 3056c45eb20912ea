import { useSyncExternalStore } from 'react';
import { type Address, formatAddress } from '../../shared/ipc/address.ts';
import { parseAddress } from './address.ts';

/** Goes somewhere; `replace` for what the way back should not stop at, such as each letter of a search. */
export function goTo(address: Address, { replace = false } = {}): void {
  const hash = formatAddress(address);
  if (hash === window.location.hash) return;
  if (replace) {
    window.history.replaceState(null, '', hash);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    window.location.hash = hash;
  }
}

export function useAddress(): Address {
  return parseAddress(useHash());
}

/** The part of the address after `#`, with it. */
export function useHash(): string {
  return useSyncExternalStore(followHash, () => window.location.hash);
}

function followHash(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}
