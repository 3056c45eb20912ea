/** What Lockkeeper says when it refuses, by the kind of the refusal. */
export const MOUNT = /docker socket mount denied/;
export const COMMAND = /docker command .* is blocked/;
export const MALFORMED = /"lockkeeper: /;

/** A refusal because of something that leads out of a container, by the kinds that one setting each would open. */
export function wayOut(...kinds: readonly string[]): RegExp {
  const settings = kinds.map((kind) =>
    kind === 'bind-outside'
      ? 'containerSockets\\.bindFrom may be bound'
      : `"${kind}\\\\" in lockkeeper\\.containerSockets\\.allow`,
  );
  return new RegExp(settings.join('|'), 's');
}

export function either(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'), 's');
}
