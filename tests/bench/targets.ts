import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { AttachedLab } from '../lab/lab.ts';
import { eventually, type Running } from '../system/running.ts';

/** A way to the engine. */
export interface Target {
  readonly name: string;
  readonly socket: string;
  /** The process in between, whose cost is measured; none for the engine itself. */
  readonly pid?: number;
  /** A filtered socket of the same process, for what goes on beside the measured. */
  readonly noisy?: string;
}

export function direct(lab: AttachedLab): Target {
  return { name: 'direct', socket: lab.engineSocket };
}

/** Host use, and what a container gets; both with a policy that lets the measured requests through. */
export function lockkeeper(keeper: Running): readonly Target[] {
  return [
    { name: 'Lockkeeper', socket: keeper.hostGate, pid: keeper.pid },
    { name: 'Lockkeeper, filtered', socket: keeper.standing.replace('unix://', ''), pid: keeper.pid },
  ];
}

/** HAProxy with the kind of configuration that the well-known images for this purpose have: path rules, one server. */
function haproxyConfig(listenAt: string, engine: string): string {
  const sections = ['containers', 'images', 'info', '_ping', 'version', 'events'];
  return [
    'global',
    '  maxconn 4000',
    'defaults',
    '  mode http',
    '  option http-server-close',
    '  option redispatch',
    '  retries 3',
    '  timeout connect 10s',
    '  timeout client 10m',
    '  timeout server 10m',
    '  timeout http-request 10s',
    '  timeout http-keep-alive 10s',
    '  maxconn 3000',
    'backend engine',
    `  server engine unix@${engine}`,
    'frontend gate',
    `  bind unix@${listenAt} mode 600`,
    ...sections.map((name) => `  http-request allow if { path,url_dec -m reg -i ^(/v[\\d\\.]+)?/${name} }`),
    '  http-request deny',
    '  default_backend engine',
    '',
  ].join('\n');
}

export async function haproxy(lab: AttachedLab): Promise<{ readonly target: Target; stop(): Promise<void> }> {
  const config = join(lab.work, 'haproxy.cfg');
  const socket = join(lab.work, 'haproxy.sock');
  writeFileSync(config, haproxyConfig(socket, lab.engineSocket));
  // In the foreground, one process with its usual threads.
  const child: ChildProcess = spawn('/usr/sbin/haproxy', ['-db', '-q', '-f', config], { stdio: 'inherit' });
  await eventually(() => accepts(socket), 'HAProxy accepts');
  return {
    target: { name: 'HAProxy', socket, pid: child.pid ?? 0 },
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
