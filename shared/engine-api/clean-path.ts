/** A path as the engine takes it: without empty and dot segments (Go's path.Clean, for absolute paths; others as sent). */
export function cleanPath(path: string): string {
  if (!path.startsWith('/')) return path;
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}
