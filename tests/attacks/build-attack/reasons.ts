/** What Lockkeeper says when it refuses, by the kind of the refusal. */
export const MOUNT = /docker socket mount denied/;
export const COMMAND = /docker command .* is blocked/;
export const MALFORMED = /"lockkeeper: /;

/** A refusal because of an option that leads out of a container; either of the kinds, since one request may ask for several. */
export function escape(...kinds: readonly string[]): RegExp {
  return new RegExp(`enhanced container isolation: .*(?:${kinds.join('|')})`, 's');
}

export function either(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'), 's');
}
