import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Blob } from './layer.ts';

// A registry's storage folder as distribution's filesystem driver lays it out ("v2").

export function readJson<T>(root: string, digest: string): T {
  return JSON.parse(readFileSync(blobFile(root, digest), 'utf8')) as T;
}

export function writeBlob(root: string, blob: Blob): void {
  const file = blobFile(root, blob.digest);
  if (!existsSync(file)) replaceFile(file, blob.bytes);
}

export function linkRevision(root: string, repository: string, digest: string): void {
  link(repositoryFolder(root, repository), `_manifests/revisions/${pathOf(digest)}`, digest);
}

export function link(folder: string, path: string, digest: string): void {
  replaceFile(join(folder, path, 'link'), digest);
}

/** By renaming, so that the registry never reads half a file. */
function replaceFile(file: string, content: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}

export function blobFile(root: string, digest: string): string {
  const hex = hexOf(digest);
  return join(root, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data');
}

export function repositoryFolder(root: string, repository: string): string {
  return join(root, 'docker/registry/v2/repositories', repository);
}

export function tagFolder(root: string, repository: string, tag: string): string {
  return join(repositoryFolder(root, repository), '_manifests/tags', tag);
}

export function pathOf(digest: string): string {
  return digest.replace(':', '/');
}

export function hexOf(digest: string): string {
  return digest.slice('sha256:'.length);
}
