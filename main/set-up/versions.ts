import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

/** The engines that the tests run on: major and minor. */
const OLDEST = '20.10';
const NEWEST = '28.5';

export async function checkVersions({ engine, version }: Machine) {
  const found = engine().version;
  if (found === undefined) return finding('versions', 'unknown', 'unknown');
  if (isBefore(found, OLDEST)) return finding('versions', 'warn', 'old', { engine: found, oldest: OLDEST });
  if (isBefore(NEWEST, found)) return finding('versions', 'warn', 'newer', { engine: found, newest: NEWEST });
  return finding('versions', 'pass', 'known', { version, engine: found });
}

function isBefore(one: string, other: string): boolean {
  const [major = 0, minor = 0] = one.split('.').map((part) => Number.parseInt(part, 10));
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map((part) => Number.parseInt(part, 10));
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
