import { expect } from 'vitest';
import { readSettings, renderRemark } from '../../../../shared/policy/admin-settings.ts';

/** The name that the settings file has in these tests. */
export const FILE = 'admin-settings.json';

export const mount = 'enhancedContainerIsolation.dockerSocketMount';

export const imageId = `sha256:${'0123456789abcdef'.repeat(4)}`;

export const read = (text: string | Uint8Array) =>
  readSettings(typeof text === 'string' ? new TextEncoder().encode(text) : text, FILE);

/** What is wrong with a file, as it is shown. */
export function problems(text: string | Uint8Array): string[] {
  const reading = read(text);
  return reading.ok ? [] : reading.problems.map(renderRemark);
}

/** What a good file is warned of. */
export function warnings(text: string): string[] {
  const reading = read(text);
  expect(reading).toMatchObject({ ok: true });
  return reading.ok ? reading.warnings.map(renderRemark) : [];
}

/** The values that a good file gives. */
export function given(text: string) {
  const reading = read(text);
  return reading.ok
    ? Object.fromEntries(Object.entries(reading.settings.values).filter(([, value]) => value !== undefined))
    : undefined;
}

export const inLockkeeper = (text: string) => `{"lockkeeper": {${text}}}`;

/** A file with nothing but an image list. */
export const images = (...entries: string[]) =>
  `{"enhancedContainerIsolation":{"dockerSocketMount":{"imageList":{"images":${JSON.stringify(entries)}}}}}`;
