import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { socketUrl } from '../../shared/engine-api/socket-url.ts';
import { finding } from './finding.ts';
import { isSameFile, leadsTo } from './leads-to.ts';
import type { Terminal } from './terminal.ts';

const FILE = '.testcontainers.properties';
const SHOWN_FILE = `~/${FILE}`;
const USUAL_SOCKET = '/var/run/docker.sock';

interface Setting {
  readonly name: string;
  readonly value: string;
  /** Where it stands: a file, or nothing for the environment. */
  readonly file?: string;
}

/**
 * Testcontainers follows no docker context. `tc.host` beats everything, DOCKER_HOST beats `docker.host`, and a client
 * strategy that it was told, or has noted itself, may take the usual socket whatever the others say.
 */
export async function checkTestcontainers({ env, home, gate, endpoint }: Terminal) {
  const text = await readFile(join(home, FILE), 'utf8').catch(() => undefined);
  const properties = readProperties(text ?? '');
  const wanted = socketUrl(gate);
  const past = await leadingPast(env, properties, gate);
  if (past !== undefined) {
    return finding('testcontainers', 'warn', 'other', { name: nameOf(past), value: past.value, wanted });
  }
  const socket = setting(env, properties, 'docker.socket.override', 'TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE');
  if (socket !== undefined && !(await isDockerSocket(socket.value, gate, endpoint))) {
    return finding('testcontainers', 'warn', 'not-a-socket', { name: nameOf(socket), value: socket.value });
  }
  if ((env.DOCKER_HOST ?? '') !== '' || properties.has('docker.host') || properties.has('tc.host')) {
    return finding('testcontainers', 'pass', 'clear');
  }
  const add = { command: `echo docker.host=${wanted} >> ${SHOWN_FILE}` };
  // The file is there where Testcontainers has been used.
  if (text !== undefined) return finding('testcontainers', 'warn', 'default', { wanted }, add);
  return finding('testcontainers', 'pass', 'unused', { wanted }, add);
}

/** The strategies that go by the settings which are looked at here. */
const HEEDING = /\.(EnvironmentAndSystemProperty|TestcontainersHostProperty)ClientProviderStrategy$/;

/** The first setting that leads away from the host gate. DOCKER_HOST itself has a check of its own. */
async function leadingPast(
  env: Terminal['env'],
  properties: ReadonlyMap<string, string>,
  gate: string,
): Promise<Setting | undefined> {
  const hasHost = (env.DOCKER_HOST ?? '') !== '';
  const names = hasHost ? ['tc.host'] : ['tc.host', 'docker.host'];
  for (const name of names) {
    const value = properties.get(name);
    if (value !== undefined && value !== '' && !(await leadsTo(value, gate))) return { name, value, file: SHOWN_FILE };
  }
  const strategy = setting(env, properties, 'docker.client.strategy', 'TESTCONTAINERS_DOCKER_CLIENT_STRATEGY');
  return strategy !== undefined && HEEDING.test(strategy.value) ? undefined : strategy;
}

function setting(
  env: Terminal['env'],
  properties: ReadonlyMap<string, string>,
  property: string,
  variable: string,
): Setting | undefined {
  const value = env[variable];
  if (value !== undefined && value !== '') return { name: variable, value };
  const noted = properties.get(property);
  return noted === undefined || noted === '' ? undefined : { name: property, value: noted, file: SHOWN_FILE };
}

function nameOf({ name, file }: Setting): string {
  return file === undefined ? name : `${name} (${file})`;
}

/** What Ryuk is given is a path on the engine's side: the engine's socket, or the host gate's, which means the same. */
async function isDockerSocket(path: string, gate: string, endpoint: Terminal['endpoint']): Promise<boolean> {
  const sockets = [USUAL_SOCKET, gate, ...(endpoint.kind === 'socket' ? [endpoint.path] : [])];
  const same = await Promise.all(sockets.map((socket) => isSameFile(path, socket)));
  return same.includes(true);
}

/** The plain part of java.util.Properties: `key=value` or `key: value`, a line each. */
function readProperties(text: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*[#!]/.test(line));
  return new Map(
    lines.flatMap((line) => {
      const [, key, value] = /^\s*([^\s=:]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value.replaceAll('\\:', ':')] as const];
    }),
  );
}
