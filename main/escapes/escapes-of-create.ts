import type { BodyFact, MountFact } from '../../shared/decision/facts.ts';
import { isFiltered } from '../../shared/decision/listener.ts';
import type { PlacedMount } from '../../shared/engine-api/create-body.ts';
import { type CreateEscapes, readCreateEscapes } from '../../shared/escape/create-escapes.ts';
import type { Escape } from '../../shared/escape/kinds.ts';
import { volumeEscapes } from '../../shared/escape/volume-options.ts';
import { jsonBody } from '../enforcement/body-facts.ts';
import type { FactQuestion } from '../enforcement/find-fact.ts';
import { boundsOf } from './bounds.ts';
import type { EscapeSources } from './find-escapes.ts';
import { looseAtRestart } from './loose-sources.ts';
import { networksOf } from './networks-of.ts';
import { type Asking, strongerJoined, strongerNamed, strongerSharing } from './stronger-containers.ts';

/** What a create asks for that leads out of a container. What it mounts was looked at before. */
export async function createEscapes(
  sources: EscapeSources,
  question: FactQuestion,
): Promise<BodyFact<readonly Escape[]>> {
  const body = await jsonBody(question.request, 'object', readCreateEscapes);
  if (body.kind === 'refused') return body;
  const asked = body.value;
  if (!isFiltered(question.listener)) return { kind: 'read', value: asked.escapes };
  const { listener, state } = question;
  const bounds = await boundsOf(sources, listener, state);
  const create: Create = { sources, listener, asked, bounds, mounts: lookedAt(question) };
  const found = await Promise.all([
    binds(create),
    volumes(create),
    networksOf(sources.engine, asked.networks),
    joined(create),
    loose(create),
  ]);
  return { kind: 'read', value: [...asked.escapes, ...found.flat()] };
}

/** A create that mounts something is never judged without what that is. */
function lookedAt({ facts: { create, mounts } }: FactQuestion): readonly MountFact[] {
  if (mounts === undefined && !(create?.kind === 'read' && create.value.mounts.length === 0)) {
    throw new Error('the ways out of a create were asked for before its mounts');
  }
  return mounts ?? [];
}

interface Create extends Asking {
  readonly asked: CreateEscapes;
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
    return isReadOnly ? options : [...options, ...(await strongerSharing(create, source))];
  });
  return (await Promise.all(found)).flat();
}

/** Namespaces and volumes of other containers. */
async function joined(create: Create): Promise<readonly Escape[]> {
  const volumesFrom = create.mounts.flatMap(({ kind, request }) =>
    kind === 'volumes-from' ? [strongerNamed(create, request.source)] : [],
  );
  return (await Promise.all([strongerJoined(create, create.asked.joins), ...volumesFrom])).flat();
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
  return looseAtRestart(create.sources, asksForSocket ? [...sources, create.sources.socketsFolder] : sources, own);
}
