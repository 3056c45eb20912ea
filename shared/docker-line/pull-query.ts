import { parseImageReference, repositoryName, withDefaultTag } from '../images/reference.ts';

/** The query of a pull: the repository written out, and its tag or digest. */
export function pullQuery(image: string): Readonly<Record<string, string>> {
  const parsed = parseImageReference(image);
  if (!parsed.ok) return { fromImage: image };
  const { tag, digest } = withDefaultTag(parsed.reference);
  return { fromImage: repositoryName(parsed.reference), tag: digest ?? tag ?? 'latest' };
}
