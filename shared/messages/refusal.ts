/**
 * The sentences that clients are given. The part before the parentheses is Docker's own, word for word, because tools
 * and people search for it; the part in parentheses is ours and says what decided and what to do.
 */

/** A command that the command list blocks; `sentPath` is the request path with version and query as sent. */
export function commandBlocked(sentPath: string, addition: string): string {
  return (
    `enhanced container isolation: docker command "${sentPath}" is blocked; if you wish to allow it, ` +
    `configure the docker socket command list in the Docker Desktop settings. (Lockkeeper: ${addition})`
  );
}

/** A container that may not have what it asked to mount; `cause` is the clause that tells the reasons apart. */
export function mountDenied(image: string, cause: string, addition: string): string {
  return (
    `enhanced container isolation: docker socket mount denied for container with image "${image}"; ${cause}; ` +
    'if you wish to allow it, configure the docker socket image list in the Docker Desktop settings. ' +
    `(Lockkeeper: ${addition})`
  );
}

/** Something that leads out of a container; `found` is what it is, `why` what it comes to. */
export function escapeBlocked(sentPath: string, found: string, why: string, addition: string): string {
  return `enhanced container isolation: "${sentPath}" is blocked because of ${found}; ${why}. (Lockkeeper: ${addition})`;
}

/** What only Podman does with a request. */
export function podmanRefused(sentPath: string, problem: string): string {
  return `enhanced container isolation: "${sentPath}" is blocked. (Lockkeeper: ${problem})`;
}

/** A request that cannot be let through as it is, whatever the policy says. */
export function requestRefused(problem: string): string {
  return `lockkeeper: ${problem}`;
}

/** The middle of a digest left out: `sha256:0123456789ab…`. */
export function shortDigest(digest: string): string {
  const [algorithm = '', hex = ''] = digest.split(':');
  return hex === '' ? digest : `${algorithm}:${hex.slice(0, 12)}…`;
}
