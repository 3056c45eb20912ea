import { isWithin } from '../../shared/decision/delivery-obstacle.ts';
import type { Escape } from '../../shared/escape/kinds.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { SourceSurvey } from '../sources/survey.ts';

export interface LooseDeps {
  readonly engine: Pick<EngineClient, 'containers'>;
  readonly survey: Pick<SourceSurvey, 'resolve'>;
}

/** A source, and who can put a link in its place. */
export interface Loose {
  readonly source: string;
  /** In which they can write. */
  readonly folder: string;
  readonly who: string;
}

/** What a restart policy lets out: the engine follows such a link when it starts a container by itself. */
export async function looseAtRestart(...asked: Parameters<typeof looseSources>): Promise<readonly Escape[]> {
  const loose = await looseSources(...asked);
  return loose.map(({ source, folder, who }) => ({
    kind: 'restart-policy',
    found: `${source} lies below ${folder}, in which ${who} can write`,
  }));
}

/**
 * Sources that some container can replace by a link while nobody looks: those strictly below a folder in which it can
 * write. `own` are the folders in which the container itself could write.
 */
export async function looseSources(
  { engine, survey }: LooseDeps,
  sources: readonly string[],
  own: readonly string[],
): Promise<readonly Loose[]> {
  if (sources.length === 0) return [];
  const listed = await engine.containers();
  const writers = [
    ...own.map((folder) => ({ folder, who: 'the container itself' })),
    ...listed.flatMap(({ name, writable }) => writable.map((folder) => ({ folder, who: `container "${name}"` }))),
  ];
  const spelled = await waysTo(survey, sources);
  const folders = await waysTo(survey, [...new Set(writers.map(({ folder }) => folder))]);
  return sources.flatMap((source): readonly Loose[] => {
    const isBelow = (folder: string) =>
      spelled
        .get(source)
        ?.some((path) => folders.get(folder)?.some((above) => path !== above && isWithin(path, above)));
    const writer = writers.find(({ folder }) => isBelow(folder));
    return writer === undefined ? [] : [{ source, ...writer }];
  });
}

/** Each path as it is spelled and as it leads now: whoever can write above either can change where it leads. */
async function waysTo(
  survey: LooseDeps['survey'],
  paths: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const entries = paths.map(async (path) => {
    const found = await survey.resolve(path);
    return [path, found.kind === 'path' && found.path !== path ? [path, found.path] : [path]] as const;
  });
  return new Map(await Promise.all(entries));
}
