import { familiarName, parseImageReference } from '../../shared/images/reference.ts';

/** An image's name as people write it: `docker:cli` for `docker.io/library/docker:cli`. */
export function familiarImage(name: string): string {
  const parsed = parseImageReference(name);
  return parsed.ok ? familiarName(parsed.reference) : name;
}
