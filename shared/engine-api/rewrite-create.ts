import { member } from '../json/fold.ts';
import type { JsonArray, JsonObject } from '../json/json-node.ts';
import { appendMembers, changeItems, type Edit, splice } from '../json/splice.ts';
import type { CreateRequest, PlacedMount } from './create-body.ts';

/** What a create body is to say instead of the mounts that are taken out. */
export interface CreateRewrite {
  readonly remove: readonly PlacedMount[];
  /** Binds in the form `source:target:ro`. */
  readonly addBinds: readonly string[];
  /** Whether a container that asks to be privileged is to be an ordinary one. */
  readonly isUnprivileged?: boolean;
}

/**
 * Replaces mounts in a create body; every other byte stays as it was sent, since a body that is re-serialised loses
 * 64-bit numbers and what this version does not know. Binds are added where the engine reads them: in HostConfig, or at
 * the top level for the legacy form, and always as Binds, because the engine does not retry a missing source of `Mounts`
 * when it starts containers by their restart policy.
 */
export function rewriteCreate(bytes: Uint8Array, request: CreateRequest, rewrite: CreateRewrite): Uint8Array {
  const level = hostConfigOf(request.body) ?? request.body;
  const removed = removedByList(rewrite.remove);
  const binds = member(level, 'Binds');
  const added = rewrite.addBinds.map((bind) => JSON.stringify(bind));
  const edits: Edit[] = [];
  for (const [list, indexes] of removed) edits.push(...changeItems(list, indexes, list === binds ? added : []));
  if (added.length > 0 && !(binds?.kind === 'array' && removed.has(binds))) edits.push(...addBinds(level, added));
  if (rewrite.isUnprivileged === true) edits.push(...unprivileged(request.body));
  return splice(bytes, edits);
}

/** On both levels on which some engine reads it. */
function unprivileged(body: JsonObject): Edit[] {
  const levels = [hostConfigOf(body), body].filter((level) => level !== undefined);
  return levels.flatMap((level) => {
    const value = member(level, 'Privileged');
    return value === undefined ? [] : [{ start: value.start, end: value.end, text: 'false' }];
  });
}

function hostConfigOf(body: JsonObject): JsonObject | undefined {
  const hostConfig = member(body, 'HostConfig');
  return hostConfig?.kind === 'object' ? hostConfig : undefined;
}

function removedByList(mounts: readonly PlacedMount[]): Map<JsonArray, number[]> {
  const removed = new Map<JsonArray, number[]>();
  for (const { place } of mounts) removed.set(place.list, [...(removed.get(place.list) ?? []), place.index]);
  return removed;
}

function addBinds(level: JsonObject, added: readonly string[]): Edit[] {
  const binds = member(level, 'Binds');
  if (binds?.kind === 'array') return changeItems(binds, [], added);
  const text = `[${added.join(',')}]`;
  if (binds === undefined) return appendMembers(level, [['Binds', text]]);
  return [{ start: binds.start, end: binds.end, text }];
}
