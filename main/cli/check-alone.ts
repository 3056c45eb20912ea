import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CheckInput, CheckOutput } from '../../shared/ipc/check.ts';
import { check } from '../enforcement/check.ts';
import { factSources } from '../enforcement/fact-sources.ts';
import { findListener } from '../enforcement/way-in.ts';
import { defaultEngineUrl, parseEngineUrl } from '../engine/endpoint.ts';
import { engineClient } from '../engine/engine-client.ts';
import { readCutOffs, readHolders } from '../exceptions/holder-records.ts';
import { ownContainers } from '../exceptions/own-containers.ts';
import { readOnlyImages } from '../images/images-read-only.ts';
import { settingsPlatform } from '../settings/platform.ts';
import { readPolicyState } from '../settings/settings.ts';
import { openSurvey } from '../sources/survey.ts';
import { ownPaths } from './running.ts';

export interface AloneOptions {
  readonly stateFolder: string;
  readonly engine?: string;
  readonly settings?: string;
}

export type AloneResult =
  | { readonly ok: true; readonly output: CheckOutput }
  | { readonly ok: false; readonly message: string };

/**
 * Checks without a running Lockkeeper: the settings are read as a start would read them, the engine is asked itself,
 * and nothing is written.
 */
export async function checkAlone(input: CheckInput, options: AloneOptions): Promise<AloneResult> {
  const endpoint = parseEngineUrl(options.engine ?? defaultEngineUrl(process.platform));
  if (endpoint.kind === 'refused') return { ok: false, message: endpoint.problem };
  const { stateFolder } = options;
  const engine = engineClient(endpoint);
  const [holders, cutOffs, kernel, state, image] = await Promise.all([
    readHolders(join(stateFolder, 'holders')),
    readCutOffs(join(stateFolder, 'holders')),
    engine.info().then(
      (info) => info.kernel,
      () => undefined,
    ),
    readPolicyState({
      stateFolder,
      ...(options.settings !== undefined && { settingsFile: resolve(options.settings) }),
    }),
    readOnlyImages({ engine, stateFolder, trust: trust() }),
  ]);
  const socketsFolder = join(stateFolder, 'sockets');
  const { hostGate } = ownPaths();
  const survey = openSurvey({
    engine: endpoint,
    engineKernel: () => kernel,
    hostGatePath: hostGate,
    standingSockets: [],
    stateFolder,
    socketsFolder,
    deliveredTargets: (key) => holders.find((holder) => holder.key === key)?.targets,
  });
  const facts = factSources({
    engine,
    own: ownContainers(join(stateFolder, 'created')),
    survey,
    image,
    socketsFolder,
    deliveredTo: (id) => holders.find(({ containerId }) => containerId === id),
    cutOff: async ({ key }) => {
      const since = cutOffs.get(key);
      return since === undefined ? { kind: 'connected' } : { kind: 'cut-off', since };
    },
  });
  const ways = { hostGate, standingSockets: undefined, socketsFolder, holders: () => holders, engine };
  const output = await check({ policy: () => state, facts, listenerFor: (from) => findListener(ways, from) }, input);
  return { ok: true, output };
}

function trust() {
  const { platform, env } = process;
  return settingsPlatform({ platform, env, home: homedir(), uid: process.getuid?.() }).trust;
}
