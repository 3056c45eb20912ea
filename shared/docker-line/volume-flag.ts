/** A value of `-v`: a bind or a named volume, or a path that gets an anonymous volume. */
export type VolumeFlag =
  | { readonly kind: 'bind'; readonly bind: string }
  | { readonly kind: 'anonymous'; readonly target: string };

/** Reads a value of `-v`. The CLI makes a source that begins with a dot absolute; everything else goes on as written. */
export function parseVolumeFlag(value: string, folder: string): VolumeFlag {
  const colon = value.indexOf(':');
  if (colon === -1) return { kind: 'anonymous', target: value };
  const source = value.slice(0, colon);
  const rest = value.slice(colon);
  return { kind: 'bind', bind: `${source.startsWith('.') ? absolute(source, folder) : source}${rest}` };
}

/** A relative path as seen from a folder, cleaned as Go's filepath.Abs does. */
export function absolute(path: string, folder: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : `${folder}/`}${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
