import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { release } from 'node:os';
import { dirname } from 'node:path';
import { openSurvey } from '../../../../main/sources/survey.ts';

/** What to do in a process (and its mount namespace) of its own; the facts go to standard output. */
export interface NamespaceScene {
  /** Shell commands before and after the sockets are made. */
  readonly before: string;
  readonly sockets: readonly string[];
  readonly after: string;
  readonly engine: string;
  /** Mounts that only the engine has: shell commands of a process that is called dockerd and makes its socket. */
  readonly engineMounts?: string;
  /** That process stays in our mount namespace. */
  readonly engineShares?: boolean;
  readonly state: string;
  readonly sources: readonly string[];
  /** The user to look as; root otherwise. */
  readonly user?: number;
}

const scene = JSON.parse(process.argv[2] ?? '') as NamespaceScene;
const run = (script: string) => execFileSync('sh', ['-ec', script], { stdio: ['ignore', 'inherit', 'inherit'] });

run(scene.before);
for (const path of scene.sockets) {
  mkdirSync(dirname(path), { recursive: true });
  await new Promise<void>((resolve, reject) => createServer().once('error', reject).listen(path, resolve));
}
if (scene.engineMounts !== undefined) await startEngine(scene.engineMounts);
run(scene.after);
if (scene.user !== undefined) process.setuid?.(scene.user);

const survey = openSurvey({
  engine: { kind: 'socket', url: `unix://${scene.engine}`, path: scene.engine },
  engineKernel: () => release(),
  hostGatePath: '/nowhere/gate.sock',
  standingSockets: [],
  stateFolder: scene.state,
  socketsFolder: `${scene.state}/sockets`,
  settingsFolders: [],
  deliveredTargets: (key) => (key === 'key' ? ['/var/run/docker.sock'] : undefined),
});
const facts = await Promise.all(scene.sources.map(async (source) => [source, await survey.inspect(source)]));
process.stdout.write(JSON.stringify(Object.fromEntries(facts)));
process.exit(0);

async function startEngine(mounts: string): Promise<void> {
  const program = `process.title = 'dockerd';
    require('node:net').createServer().listen(${JSON.stringify(scene.engine)}, () => console.log('ready'));
    process.stdin.resume().on('end', () => process.exit());`;
  const script = `${mounts}; exec "$0" -e "$1"`;
  const own = scene.engineShares === true ? [] : ['unshare', '--mount', '--propagation', 'private'];
  const [command = '', ...argv] = [...own, 'sh', '-ec', script, process.execPath, program];
  const engine = spawn(command, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(engine.stdout, 'data');
}
