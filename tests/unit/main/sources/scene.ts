import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceFact } from '../../../../shared/decision/facts.ts';
import type { NamespaceScene } from './inspect-in-namespace.ts';
import { temporaryFolder } from './stage.ts';

const SCRIPT = fileURLToPath(new URL('inspect-in-namespace.ts', import.meta.url));

export type Scene = Omit<NamespaceScene, 'before' | 'after' | 'state'> & Partial<NamespaceScene>;

/** Plays a scene with real mounts, in a mount namespace where /run and /var/run are the scene's own. */
export function play(scene: Scene): Record<string, SourceFact> {
  const folder = temporaryFolder();
  const own = 'mount -t tmpfs -o mode=755 scene /run; mkdir -p /run/docker /run/containerd;';
  const full: NamespaceScene = {
    after: '',
    state: join(folder, 'state'),
    ...scene,
    before: `${own} mkdir -p ${folder}/state/sockets; ${scene.before ?? ''}`,
  };
  const argv = ['--mount', '--propagation', 'private', process.execPath, '--import', 'tsx', SCRIPT];
  const env = { PATH: process.env.PATH, HOME: join(folder, 'home') };
  const output = execFileSync('unshare', [...argv, JSON.stringify(full)], { encoding: 'utf8', env });
  return JSON.parse(output) as Record<string, SourceFact>;
}

export const ordinary: SourceFact = { kind: 'ordinary' };
export const exposes = (socket: string): SourceFact => ({ kind: 'exposes', socket });
