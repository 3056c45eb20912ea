import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** An input that is kept in a file. */
export interface Kept {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const folderOf = (target: string) => fileURLToPath(new URL(`corpus/${target}/`, import.meta.url));

/** The inputs of a target that are in git, each as one file, by name. */
export function readCorpus(target: string): readonly Kept[] {
  const folder = folderOf(target);
  const names = readdirSync(folder).sort();
  return names.map((name) => ({ name, bytes: Uint8Array.from(readFileSync(`${folder}${name}`)) }));
}

export function nameOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 12);
}

/** Makes these the corpus of a target; files of other inputs go, but those that have a name of their own. */
export function writeCorpus(target: string, inputs: readonly Uint8Array[]): void {
  const folder = folderOf(target);
  mkdirSync(folder, { recursive: true });
  const before = readCorpus(target);
  for (const { name, bytes } of before) if (name === nameOf(bytes)) rmSync(`${folder}${name}`);
  const named = new Set(before.filter(({ name, bytes }) => name !== nameOf(bytes)).map(({ bytes }) => nameOf(bytes)));
  for (const bytes of inputs) if (!named.has(nameOf(bytes))) writeFileSync(`${folder}${nameOf(bytes)}`, bytes);
}
