import { type AllowList, type AllowListEntry, isBehind } from '../../../shared/ipc/allow-list.ts';
import type { RefreshPlan } from '../../../shared/ipc/refresh.ts';
import type { ControlClient } from '../../control/client.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { complain, complainError, printable, say } from '../output.ts';
import { type StateOption, withRunning } from '../running.ts';
import { carryOutAll } from './run.ts';
import { planText } from './text.ts';

export interface RefreshOptions extends StateOption {
  readonly allStale?: boolean;
  readonly dryRun?: boolean;
  readonly removeStopped?: boolean;
  readonly json?: boolean;
}

/** A registry may take 10 s for each of the questions that wait for one another. */
const PATIENCE_MS = 45_000;

/** `lockkeeper refresh`: brings images to what their registries have. */
export async function refresh(images: readonly string[], options: RefreshOptions): Promise<ExitCode> {
  const { json } = options;
  if (images.length > 0 === (options.allStale === true)) {
    complain("name the images, or give --all-stale; see 'lockkeeper refresh --help'", { json, name: 'usage' });
    return exitCodes.usage.code;
  }
  return withRunning(options, (client) => refreshThrough(client, images, options), PATIENCE_MS);
}

async function refreshThrough(
  client: ControlClient,
  named: readonly string[],
  options: RefreshOptions,
): Promise<ExitCode> {
  const { json } = options;
  const wanted = options.allStale === true ? await staleOnes(client, json) : { images: named, unanswered: [] };
  if (wanted === undefined) return exitCodes.failed.code;
  const images = [...new Set(wanted.images)];
  const unanswered = wanted.unanswered.map(({ entry, state, trouble, detail }) => ({ entry, state, trouble, detail }));
  for (const { entry, state, detail } of json === true ? [] : unanswered) {
    complain(`"${entry}": ${detail ?? state}`);
  }
  if (images.length === 0 && json !== true && unanswered.length === 0) say('nothing is stale');
  const all = options.dryRun === true ? await planAll(client, images, json) : await runAll(client, images, options);
  if (all === undefined) return exitCodes.failed.code;
  if (json === true) say(JSON.stringify({ images: all.results, unanswered }, null, 2));
  return all.isFine && unanswered.length === 0 ? exitCodes.ok.code : exitCodes.failed.code;
}

interface All {
  readonly isFine: boolean;
  readonly results: readonly object[];
}

async function planAll(
  client: ControlClient,
  images: readonly string[],
  json: boolean | undefined,
): Promise<All | undefined> {
  const results: RefreshPlan[] = [];
  for (const image of images) {
    const answer = await client.request('planRefresh', { image });
    if (!answer.ok) return void complainError(answer.error, json);
    results.push(answer.value);
    if (json === true) continue;
    if (answer.value.verdict === 'blocked') complain(planText(answer.value));
    else for (const line of planText(answer.value).split('\n')) say(printable(line));
  }
  return { isFine: results.every(({ verdict }) => verdict !== 'blocked'), results };
}

async function runAll(
  client: ControlClient,
  images: readonly string[],
  { json, removeStopped }: RefreshOptions,
): Promise<All | undefined> {
  const results = await carryOutAll(client, images, removeStopped === true ? 'remove-stopped' : 'keep', json === true);
  if (results === undefined) return undefined;
  return {
    isFine: results.every(({ stage }) => stage === 'done' || stage === 'current'),
    // Layers are of interest while they move.
    results: results.map(({ layers: _layers, ...result }) => result),
  };
}

/** What the image list calls stale now; and the entries about which no registry could be asked. */
async function staleOnes(
  client: ControlClient,
  json: boolean | undefined,
): Promise<{ images: readonly string[]; unanswered: readonly AllowListEntry[] } | undefined> {
  const answer = await client.request('resolveAllowList', {});
  if (!answer.ok) return void complainError(answer.error, json);
  const { entries, problem } = answer.value;
  if (problem !== undefined) {
    return void complain(`the local images are not known: ${problem}; start the engine, and try again`, { json });
  }
  return { images: staleIn(entries), unanswered: entries.filter(({ state }) => UNANSWERED.has(state)) };
}

const UNANSWERED: ReadonlySet<AllowListEntry['state']> = new Set(['unreachable', 'denied']);

function staleIn(entries: AllowList['entries']): readonly string[] {
  return entries.filter(({ state }) => isBehind(state)).flatMap(({ refreshable }) => refreshable);
}
