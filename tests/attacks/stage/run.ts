import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../ask-engine/engine.ts';
import type { Stage } from './stage.ts';

/** One try of one attack, with names and folders of its own. Whatever it creates begins with its name. */
export interface Run {
  readonly stage: Stage;
  readonly engine: Engine;
  /** `lk-attack-` and a number: a container, an image, a volume may be called so, with or without an ending. */
  readonly name: string;
  /** A folder of the host where the filter lets containers bind from, if it lets them bind at all. */
  readonly folder: string;
  /** A folder of the host from which nobody may bind. */
  readonly outside: string;
  /** What an attack keeps between its attempt and the question what came of it. */
  readonly kept: Map<string, string>;
  /** Has something undone at the end, the last first. */
  undo(action: () => Promise<unknown> | unknown): void;
  end(): Promise<void>;
}

let count = 0;

export function openRun(stage: Stage): Run {
  count += 1;
  const name = `lk-attack-${process.pid}-${count}`;
  const { engine } = stage;
  const folder = mkdtempSync(join(stage.work, `${name}-`));
  const outside = join(stage.outside, name);
  mkdirSync(outside);
  const undos: (() => Promise<unknown> | unknown)[] = [];
  return {
    stage,
    engine,
    name,
    folder,
    outside,
    kept: new Map(),
    undo: (action) => void undos.push(action),
    async end() {
      await removeContainers(engine, name);
      for (const action of undos.reverse()) await action();
      await removeContainers(engine, name);
      await removeVolumes(engine, name);
      await removeNetworks(engine, name);
      await removeImages(engine, name);
      for (const path of [folder, outside]) rmSync(path, { recursive: true, force: true });
    },
  };
}

const named = (name: string): string => encodeURIComponent(JSON.stringify({ name: [name] }));

async function removeContainers(engine: Engine, name: string): Promise<void> {
  const path = `/containers/json?all=1&filters=${named(name)}`;
  for (const { Id } of (await engine.find<{ Id: string }[]>(path)) ?? []) {
    await engine.undo('DELETE', `/containers/${Id}?force=1&v=1`);
  }
}

async function removeVolumes(engine: Engine, name: string): Promise<void> {
  const found = await engine.find<{ Volumes: { Name: string }[] | null }>(`/volumes?filters=${named(name)}`);
  for (const { Name } of found?.Volumes ?? []) await engine.undo('DELETE', `/volumes/${Name}?force=1`);
}

async function removeNetworks(engine: Engine, name: string): Promise<void> {
  const found = await engine.find<{ Id: string }[]>(`/networks?filters=${named(name)}`);
  for (const { Id } of found ?? []) await engine.undo('DELETE', `/networks/${Id}`);
}

async function removeImages(engine: Engine, name: string): Promise<void> {
  const images = (await engine.find<{ RepoTags: string[] | null }[]>('/images/json')) ?? [];
  for (const tag of images.flatMap(({ RepoTags }) => RepoTags ?? [])) {
    if (tag.includes(name)) await engine.undo('DELETE', `/images/${tag}?force=1`);
  }
}
