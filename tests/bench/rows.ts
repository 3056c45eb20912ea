import { cpuSeconds } from './cost.ts';
import { download, type LoadOptions, load, upload } from './load.ts';
import type { Target } from './targets.ts';

/** What one target came to in one round. */
export interface Measured {
  /** More is better; the unit is the row's. */
  readonly rate: number;
  readonly p50?: number;
  /** Microseconds of processor time per request of the process in between. */
  readonly cpu?: number;
}

/** One line of the bench. */
export interface Row {
  readonly name: string;
  readonly unit: 'requests/s' | 'MB/s';
  run(target: Target): Promise<Measured>;
}

export interface Material {
  /** Of a container whose export is large. */
  readonly container: string;
  /** An archive for `docker load` that holds nothing new. */
  readonly archive: string;
  readonly seconds: number;
}

export function benchRows({ container, archive, seconds }: Material): readonly Row[] {
  const asking = (name: string, how: Omit<LoadOptions, 'socket' | 'seconds'>): Row => ({
    name,
    unit: 'requests/s',
    async run({ socket, pid }) {
      const before = pid === undefined ? 0 : cpuSeconds(pid);
      const slice = await load({ ...how, socket, seconds });
      const cpu = pid === undefined ? 0 : ((cpuSeconds(pid) - before) / slice.requests) * 1e6;
      return { rate: slice.requests / slice.seconds, p50: slice.p50, ...(pid !== undefined && { cpu }) };
    },
  });
  const moving = (name: string, move: (socket: string) => Promise<{ bytes: number; seconds: number }>): Row => ({
    name,
    unit: 'MB/s',
    async run({ socket }) {
      const moved = await move(socket);
      return { rate: moved.bytes / 1e6 / moved.seconds };
    },
  });
  const ping = '/v1.41/_ping';
  const list = '/v1.41/containers/json?all=1';
  return [
    asking('ping, 1 connection', { path: ping, connections: 1, newConnectionEach: false }),
    asking('ping, 16 connections', { path: ping, connections: 16, newConnectionEach: false }),
    asking('ping, 16, a new connection each', { path: ping, connections: 16, newConnectionEach: true }),
    asking('list of 20 containers, 16 connections', { path: list, connections: 16, newConnectionEach: false }),
    moving('export of 512 MB', (socket) => download(socket, `/v1.41/containers/${container}/export`)),
    moving('load of 512 MB', (socket) => upload(socket, '/v1.41/images/load?quiet=1', archive)),
  ];
}
