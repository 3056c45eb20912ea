import { posix } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanPath } from '../../../../shared/engine-api/clean-path.ts';

test.each([
  ['/var/run/docker.sock', '/var/run/docker.sock'],
  ['//var//run/docker.sock/', '/var/run/docker.sock'],
  ['/var/./run/../x', '/var/x'],
  ['/../..', '/'],
  ['/', '/'],
  ['/...', '/...'],
  ['relative/../x', 'relative/../x'],
  ['', ''],
])('%s is %s to the engine', (path, clean) => {
  expect(cleanPath(path)).toBe(clean);
});

test('cleans as POSIX does, but for the slash at the end', () => {
  const segment = fc.constantFrom('', '.', '..', 'a', 'b c', '...');
  const paths = fc.array(segment, { maxLength: 8 }).map((names) => `/${names.join('/')}`);
  fc.assert(
    fc.property(paths, (path) => {
      expect(cleanPath(path)).toBe(posix.normalize(path).replace(/(?<=.)\/$/, ''));
    }),
  );
});
