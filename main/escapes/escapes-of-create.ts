import type { BodyFact, MountFact } from '../../shared/decision/facts.ts';
import { isFiltered } from '../../shared/decision/listener.ts';
import type { PlacedMount } from '../../shared/engine-api/create-body.ts';
import { type CreateEscapes, readCreateEscapes } from '../../shared/escape/create-escapes.ts';
import type { Escape } from '../../shared/escape/kinds.ts';
import { networkEscapes } from '../../shared/escape/networks.ts';
import { volumeEscapes } from '../../shared/escape/volume-options.ts';
import { jsonBody } from '../enforcement/body-facts.ts';
import type { FactQuestion } from '../enforcement/find-fact.ts';
import { type Bounds, boundsOf } from './bounds.ts';
import { isDescendant } from './descendants.ts';
import type { EscapeSources } from './find-escapes.ts';
import { heldBeyond, stronger } from './held-by.ts';
import { looseSources } from './loose-sources.ts';

/** What a create asks for that leads out of a container. What it mounts was looked at before. */
export async function createEscapes(
  sources: EscapeSources,
  question: FactQuestion,
): Promise<BodyFact<readonly Escape[]>> {
  const body = await jsonBody(question.request, 'object', readCreateEscapes);
  if (body.kind === 'refused') return body;
  const asked = body.value;
  if (!isFiltered(question.listener)) return { kind: 'read', value: asked.escapes };
  const bounds = await boundsOf(sources, question.listener, question.state);
  const create: Create = { sources, question, asked, bounds, mounts: lookedAt(question) };
  const found = await Promise.all([binds(create), volumes(create), networks(create), joined(create), loose(create)]);
  return { kind: 'read', value: [...asked.escapes, ...found.flat()] };
}

/** A create that mounts something is never judged without what that is. */
function lookedAt({ facts: { create, mounts } }: FactQuestion): readonly MountFact[] {
  if (mounts === undefined && !(create?.kind === 'read' && create.value.mounts.length === 0)) {
    throw new Error('the ways out of a create were asked for before its mounts');
  }
  return mounts ?? [];
}

interface Create {
  readonly sources: EscapeSources;
  readonly question: FactQuestion;
  readonly asked: CreateEscapes;
  readonly bounds: Bounds;
  readonly mounts: readonly MountFact[];
}

/** Binds that are not the socket, which is judged as such. */
function ordinaryBinds({ mounts }: Create): readonly PlacedMount[] {
  return mounts.flatMap((mount) => {
    const isOrdinary =
      mount.kind === 'source' && (mount.source.kind === 'ordinary' || mount.source.kind === 'holds-state');
    return isOrdinary && mount.request.kind === 'bind' ? [mount.request] : [];
  });
}

async function binds(create: Create): Promise<readonly Escape[]> {
  const checks = ordinaryBinds(create).map(({ source, isReadOnly }) => create.bounds.check(source, isReadOnly));
  return (await Promise.all(checks)).flat();
}

/** A volume keeps the options with which it was created, by whomever; and who else writes into it may hold more. */
async function volumes(create: Create): Promise<readonly Escape[]> {
  const named = create.mounts.flatMap(({ kind, request }) =>
    (kind === 'plain-volume' || kind === 'bind-volume') && request.source !== '' ? [request] : [],
  );
  const found = named.map(async ({ source, isReadOnly }): Promise<readonly Escape[]> => {
    const volume = await create.sources.engine.volume(source);
    if (volume === undefined) return [];
    const options = volumeEscapes(volume.driver, volume.options, `the volume "${source}"`);
    return isReadOnly ? options : [...options, ...(await sharers(create, source))];
  });
  return (await Promise.all(found)).flat();
}

async function sharers(create: Create, volume: string): Promise<readonly Escape[]> {
  const ids = await create.sources.engine.containersWithVolume(volume);
  const found = await Promise.all(ids.map((id) => beyondOf(create, id)));
  return found.flat().map(({ kind, found: what }) => ({ kind, found: `the volume "${volume}" is shared: ${what}` }));
}

/** What a container that is none of the socket's own holds beyond what its holder may hand on. */
async function beyondOf({ sources, question, bounds }: Create, name: string): Promise<readonly Escape[]> {
  const container = await sources.engine.container(name);
  if (container === undefined || (await isDescendant(sources, question.listener, container.id))) return [];
  return stronger(container, await heldBeyond(sources, container, bounds));
}

async function networks({ sources, asked }: Create): Promise<readonly Escape[]> {
  const found = [...new Set(asked.networks)].map(async (name): Promise<readonly Escape[]> => {
    const driver = await sources.engine.networkDriver(name);
    return driver === undefined ? [] : networkEscapes(name, driver);
  });
  return (await Promise.all(found)).flat();
}

/** Namespaces and volumes of other containers. */
async function joined(create: Create): Promise<readonly Escape[]> {
  const joins = create.asked.joins.map(
    async ({ field, container }): Promise<readonly Escape[]> =>
      (await beyondOf(create, container)).map(({ found }) => ({
        kind: 'joined-namespaces',
        found: `${field}: ${found}`,
      })),
  );
  const volumesFrom = create.mounts.flatMap(({ kind, request }) =>
    kind === 'volumes-from' ? [beyondOf(create, request.source)] : [],
  );
  return (await Promise.all([...joins, ...volumesFrom])).flat();
}

async function loose(create: Create): Promise<readonly Escape[]> {
  if (!create.asked.restarts) return [];
  const bound = ordinaryBinds(create);
  const asksForSocket = create.mounts.some(
    ({ kind, ...mount }) =>
      kind === 'source' && 'source' in mount && ['socket', 'delivered-folder'].includes(mount.source.kind),
  );
  const devices = create.mounts.flatMap((mount) => (mount.kind === 'bind-volume' ? [mount.device] : []));
  const sources = [...bound.map(({ source }) => source), ...devices];
  const own = bound.filter(({ isReadOnly }) => !isReadOnly).map(({ source }) => source);
  return looseSources(create.sources, asksForSocket ? [...sources, create.sources.socketsFolder] : sources, own);
}
