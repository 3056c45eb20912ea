import { join, resolve } from 'node:path';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import { factSources } from '../enforcement/fact-sources.ts';
import type { FactSources } from '../enforcement/find-fact.ts';
import { defaultEngineUrl, type EngineEndpoint, parseEngineUrl } from '../engine/endpoint.ts';
import { type EngineInfo, engineClient } from '../engine/engine-client.ts';
import { readCutOffs, readHolders } from '../exceptions/holder-records.ts';
import { ownContainers } from '../exceptions/own-containers.ts';
import { readOnlyImages } from '../images/images-read-only.ts';
import { type SettingsPlatform, settingsFolders, thisPlatform } from '../settings/platform.ts';
import { readPolicyState } from '../settings/settings.ts';
import { openSurvey } from '../sources/survey.ts';
import { ownPaths } from './running.ts';

export interface AloneOptions {
  readonly stateFolder: string;
  readonly engine?: string;
  readonly settings?: string;
}

/** What can be known without a running Lockkeeper. */
export interface Alone {
  readonly endpoint: EngineEndpoint;
  /** What the engine says of itself, or why it does not answer. */
  readonly engine: { readonly ok: true; readonly info: EngineInfo } | { readonly ok: false; readonly why: string };
  /** As a start would find it. */
  readonly policy: PolicyState;
  readonly facts: FactSources;
  readonly holders: readonly SocketHolder[];
  readonly socketsFolder: string;
  /** Where a start would serve. */
  readonly hostGate: string;
  readonly settings: SettingsPlatform;
  /** Gives up on what the engine has not answered. */
  close(): void;
}

/**
 * Reads the settings as a start would read them, and what the state folder says; the engine is asked itself, and nothing
 * is written.
 */
export async function lookAlone(options: AloneOptions): Promise<Alone | { readonly problem: string }> {
  const endpoint = parseEngineUrl(options.engine ?? defaultEngineUrl(process.platform));
  if (endpoint.kind === 'refused') return { problem: endpoint.problem };
  const { stateFolder } = options;
  const client = engineClient(endpoint);
  const settings = thisPlatform();
  const [holders, cutOffs, engine, policy, image] = await Promise.all([
    readHolders(join(stateFolder, 'holders')),
    readCutOffs(join(stateFolder, 'holders')),
    client.info().then(
      (info) => ({ ok: true, info }) as const,
      (error: unknown) => ({ ok: false, why: error instanceof Error ? error.message : String(error) }) as const,
    ),
    readPolicyState({
      stateFolder,
      ...(options.settings !== undefined && { settingsFile: resolve(options.settings) }),
    }),
    readOnlyImages({ engine: client, stateFolder, trust: settings.trust }),
  ]);
  const socketsFolder = join(stateFolder, 'sockets');
  const { hostGate } = ownPaths();
  const survey = openSurvey({
    engine: endpoint,
    engineKernel: () => (engine.ok ? engine.info.kernel : undefined),
    hostGatePath: hostGate,
    standingSockets: [],
    stateFolder,
    socketsFolder,
    settingsFolders: settingsFolders(settings),
    deliveredTargets: (key) => holders.find((holder) => holder.key === key)?.targets,
  });
  const facts = factSources({
    engine: client,
    own: ownContainers(join(stateFolder, 'created')),
    survey,
    image,
    holders: () => holders,
    socketsFolder,
    emptyFolder: join(stateFolder, 'empty'),
    deliveredTo: (id) => holders.find(({ containerId }) => containerId === id),
    cutOff: async ({ key }) => {
      const since = cutOffs.get(key);
      return since === undefined ? { kind: 'connected' } : { kind: 'cut-off', since };
    },
  });
  return { endpoint, engine, policy, facts, holders, socketsFolder, hostGate, settings, close: client.close };
}
