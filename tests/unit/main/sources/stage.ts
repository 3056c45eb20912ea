import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSurvey, type SourceSurvey, type SurveyOptions } from '../../../../main/sources/survey.ts';

/** Key of the one container socket that the stage has delivered. */
export const KEY = '0123456789abcdef';

export interface Stage {
  readonly folder: string;
  /** Paths of the real sockets that listen on the stage. */
  readonly engine: string;
  readonly hostGate: string;
  readonly standing: string;
  readonly state: string;
  readonly sockets: string;
  readonly delivered: string;
  survey(changes?: Partial<SurveyOptions>): SourceSurvey;
  /** A path on the stage. */
  at(...parts: string[]): string;
}

/** A short folder of the running test's own, without links in its path. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'lk-src-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes a real socket that listens until the test ends. */
export async function listen(path: string): Promise<Server> {
  mkdirSync(dirname(path), { recursive: true });
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  onTestFinished(() => {
    server.close();
  });
  return server;
}

/** An engine's socket, Lockkeeper's own ones and its state, all real, in a temporary folder. */
export async function setStage(): Promise<Stage> {
  const folder = temporaryFolder();
  const at = (...parts: string[]) => join(folder, ...parts);
  const state = at('home', 'u', '.local', 'state', 'lk');
  const stage = {
    folder,
    engine: at('engine', 'docker.sock'),
    hostGate: at('gate', 'docker.sock'),
    standing: at('standing', 'ci.sock'),
    state,
    sockets: join(state, 'sockets'),
    delivered: join(state, 'sockets', KEY),
  };
  await Promise.all([stage.engine, stage.hostGate, stage.standing, join(stage.delivered, 'docker.sock')].map(listen));
  mkdirSync(join(state, 'empty'));
  const survey = (changes: Partial<SurveyOptions> = {}) => openSurvey({ ...surveyOptions(stage), ...changes });
  return { ...stage, at, survey };
}

type Places = Pick<Stage, 'engine' | 'hostGate' | 'standing' | 'state' | 'sockets'>;

export function surveyOptions({ engine, hostGate, standing, state, sockets }: Places): SurveyOptions {
  return {
    engine: { kind: 'socket', url: `unix://${engine}`, path: engine },
    engineKernel: () => release(),
    hostGatePath: hostGate,
    standingSockets: [standing],
    stateFolder: state,
    socketsFolder: sockets,
    settingsFolders: [],
    deliveredTargets: (key) => (key === KEY ? ['/var/run/docker.sock'] : undefined),
  };
}
