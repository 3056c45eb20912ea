import { stat } from 'node:fs/promises';
import type { JournalDisk, JournalFile } from './journal-file.ts';

/** Files that are kept besides the one that is written. */
export const KEPT_FILES = 3;

/** Bytes that one file may have so that all together stay within `maxBytes`. */
export function fileShare(maxBytes: number): number {
  return Math.floor(maxBytes / (KEPT_FILES + 1));
}

/** `journal.jsonl` -> `journal.1.jsonl`, the newest of the kept ones, up to `journal.3.jsonl`. */
export function keptPath(path: string, age: number): string {
  return path.replace(/(\.jsonl)?$/, `.${age}$1`);
}

/** All files of a journal, newest first. */
export function journalPaths(path: string): readonly string[] {
  return [path, ...Array.from({ length: KEPT_FILES }, (_, index) => keptPath(path, index + 1))];
}

/**
 * Makes the file the newest kept one, so that the next starts empty; the oldest goes. Each step is one rename(2), from
 * the oldest on, and only up to the first number that is free: a crash between two steps leaves a free number and
 * loses no line.
 */
export async function rotate(file: JournalFile, maxBytes: number, disk: JournalDisk): Promise<void> {
  const { path } = file;
  await file.handle.datasync().catch(() => undefined);
  for (let age = await firstFree(path); age > 1; age -= 1) {
    await disk.rename(keptPath(path, age - 1), keptPath(path, age));
  }
  await disk.rename(path, keptPath(path, 1));
  await file.handle.close();
  await prune(path, maxBytes, disk);
}

/** The first age that no file has; the oldest when all are taken, which is then replaced. */
async function firstFree(path: string): Promise<number> {
  for (let age = 1; age < KEPT_FILES; age += 1) {
    if ((await sizeOf(keptPath(path, age))) === undefined) {
      return age;
    }
  }
  return KEPT_FILES;
}

/**
 * Removes the oldest until the kept files have their share of `maxBytes`, which may have become smaller. What was written
 * last stays in any case: a smaller size must not cost the newest lines.
 */
async function prune(path: string, maxBytes: number, disk: JournalDisk): Promise<void> {
  let room = maxBytes - fileShare(maxBytes);
  for (let age = 1; age <= KEPT_FILES; age += 1) {
    room -= (await sizeOf(keptPath(path, age))) ?? 0;
    if (room < 0 && age > 1) {
      await disk.remove(keptPath(path, age));
    }
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch {
    return undefined;
  }
}
