const STORED = 'lockkeeper.proof';

/**
 * The proof that the link brought after `#`, or the one that an earlier link left in this browser. It is kept by origin,
 * port included, as cookies are not, and leaves the address before anything else looks at it.
 */
export function takeProof(): string | undefined {
  const given = /^#proof=([\w-]+)$/.exec(window.location.hash)?.[1];
  if (given !== undefined) {
    window.localStorage.setItem(STORED, given);
    window.history.replaceState(null, '', '/');
  }
  return window.localStorage.getItem(STORED) ?? undefined;
}
