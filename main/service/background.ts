import { homedir } from 'node:os';
import packageJson from '../../package.json' with { type: 'json' };
import { beyondLimits } from '../../shared/ipc/status.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import type { FactSources } from '../enforcement/find-fact.ts';
import type { EngineEndpoint } from '../engine/endpoint.ts';
import type { ContainerSockets } from '../exceptions/container-sockets.ts';
import type { Places } from '../gate/places.ts';
import { type Holders, openHolders } from '../holders/holders.ts';
import type { Journal } from '../journal/journal.ts';
import { dockerCommand } from '../set-up/docker-command.ts';
import { type SetUpWatch, watchSetUp } from '../set-up/set-up.ts';
import { decideCreate, decideUnknownImage } from '../set-up/supposed-create.ts';
import { thisPlatform } from '../settings/platform.ts';
import type { PolicySource } from '../settings/settings.ts';
import type { EngineState } from './engine-state.ts';
import type { News } from './news.ts';
import type { RequestCounting } from './request-counts.ts';
import type { OpenState } from './state.ts';

export interface BackgroundDeps {
  readonly state: Pick<OpenState, 'hostGate' | 'looks' | 'sockets'>;
  readonly endpoint: EngineEndpoint;
  readonly policy: PolicySource;
  readonly journal: Pick<Journal, 'subscribe' | 'record' | 'counters'>;
  readonly places: Pick<Places, 'counts'>;
  readonly sockets: ContainerSockets;
  readonly engine: Pick<EngineState, 'view'>;
  readonly facts: FactSources;
  readonly counts: RequestCounting;
  /** What has happened to a container, or undefined: to any. */
  readonly containers: News<string | undefined>;
  readonly failed: (error: unknown) => void;
}

/** What is looked at beside the requests: who holds a socket, and how this machine is set up. */
export interface Background {
  readonly holders: Holders;
  readonly setUp: SetUpWatch;
  stop(): void;
}

export function lookInBackground(deps: BackgroundDeps): Background {
  const { state, policy, journal, facts, counts, sockets } = deps;
  const holders = openHolders({
    engine: facts.engine,
    inspect: facts.holderOf,
    looksFolder: state.looks,
    socketsFolder: state.sockets,
    sockets,
    countsOf: (containerId) => counts.of({ listener: 'container-socket', containerId }),
    standing: (holder) => facts.standing(holder, policy.state()),
    record: (event) => void journal.record(event),
  });
  const stopping = new AbortController();
  const setUp = openSetUp(deps, holders, stopping.signal);
  const ends = [
    deps.containers.on(holders.changed),
    journal.subscribe((event) => {
      if (event.type === 'socket') holders.changed();
      if (concernsSetUp(event)) setUp.changed();
    }),
    policy.onChange(() => {
      holders.changed();
      setUp.changed();
    }),
    holders.onRaw(setUp.changed),
  ];
  holders.changed();
  setUp.changed();
  return {
    holders,
    setUp,
    stop() {
      for (const end of ends) end();
      holders.stop();
      setUp.stop();
      stopping.abort();
    },
  };
}

function concernsSetUp(event: EventBody): boolean {
  return event.type === 'lifecycle' && event.what.startsWith('engine-');
}

function openSetUp(deps: BackgroundDeps, holders: Holders, signal: AbortSignal): SetUpWatch {
  const { state, endpoint, policy, engine, facts, failed, places, journal } = deps;
  const { platform, env } = process;
  const deciding = { policy: policy.state, facts };
  const gate = state.hostGate;
  return watchSetUp({
    failed,
    machine: {
      env,
      home: homedir(),
      platform,
      docker: dockerCommand(env, signal),
      gate,
      endpoint,
      version: packageJson.version,
      notRunning: undefined,
      engine: engine.view,
      policy: policy.state,
      userFile: thisPlatform().userFile,
      rawHolders: async () => {
        const { reachable, detail } = engine.view();
        if (!reachable) throw new Error(detail);
        await holders.look();
        const { raw, problem } = holders.view();
        if (problem !== undefined) throw new Error(problem);
        return raw;
      },
      beyondLimits: () => beyondLimits(places.counts(), journal.counters()),
      unknownImage: () => decideUnknownImage(deciding, endpoint),
    },
    prove: { engine: facts.engine, endpoint, gate, decide: (image) => decideCreate(deciding, endpoint, image) },
  });
}
