const LONGEST = 60;

/** Controls, line separators and bidirectional overrides: what would make a terminal show something else. */
const UNSHOWN = /[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A key as messages quote it: in one line, of limited length, however the peer chose it. */
export function shownKey(key: string): string {
  const short = key.length > LONGEST ? `${key.slice(0, LONGEST)}…` : key;
  return JSON.stringify(short).replace(UNSHOWN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
