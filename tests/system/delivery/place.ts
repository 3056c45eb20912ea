import { join } from 'node:path';
import { type AttachedLab, request } from '../../lab/lab.ts';
import type { Running, SettingsWords } from '../running.ts';
import { startLockkeeper } from '../running.ts';
import { IMAGES, publishDeliveryImages } from './rows.ts';

export interface Mount {
  readonly Source: string;
  readonly Destination: string;
  readonly RW: boolean;
}

/** A Lockkeeper in front of an engine, with what tests of delivery ask of both. */
export interface DeliveryPlace {
  readonly lab: AttachedLab;
  readonly keeper: Running;
  /** A client's way through Lockkeeper. */
  through(...args: string[]): ReturnType<AttachedLab['docker']>;
  /** Starts a container that stays, through Lockkeeper; resolves to its ID. */
  run(...args: string[]): Promise<string>;
  inspect(id: string): Promise<{ readonly Mounts: readonly Mount[]; readonly HostConfig: Record<string, unknown> }>;
  /** Its mounts that lead to a filtered socket. */
  delivered(id: string): Promise<readonly Mount[]>;
  /** What `GET /_ping` answers at a path in a container; `-` where nothing does. */
  ping(id: string, path: string): Promise<string>;
  problems(): Promise<string>;
  /** Sends a create to Lockkeeper; resolves to the answer's status, with its ID or message. */
  create(body: object): Promise<{ readonly status: number; readonly Id: string; readonly message: string }>;
  stop(): Promise<void>;
}

const LABEL = 'test=delivery';

export async function openPlace(lab: AttachedLab, settings: SettingsWords = {}): Promise<DeliveryPlace> {
  for (const image of ['docker:cli', 'alpine']) await lab.dockerOutput(['pull', '-q', image]);
  await publishDeliveryImages(lab);
  const images = ['docker:cli', ...Object.keys(IMAGES)];
  const keeper = await startLockkeeper(lab, { images, ...settings });
  const through = (...args: string[]) => lab.docker(args, { host: keeper.url });
  const inspect = async (id: string) => JSON.parse(await lab.dockerOutput(['inspect', id]))[0];
  return {
    lab,
    keeper,
    through,
    run: (...args) => lab.dockerOutput(['run', '-d', '--label', LABEL, ...args, 'sleep', '600'], { host: keeper.url }),
    inspect,
    async delivered(id) {
      const { Mounts } = (await inspect(id)) as { Mounts: readonly Mount[] };
      return Mounts.filter(({ Source }) => Source.startsWith(join(keeper.state, 'sockets')));
    },
    async ping(id, path) {
      const script = `curl -s --unix-socket ${path} http://d/_ping || printf -`;
      return (await lab.docker(['exec', id, 'sh', '-c', script])).stdout;
    },
    problems: async () => JSON.stringify((await keeper.status()).problems),
    async create(body) {
      const labelled = { Labels: { test: 'delivery' }, ...body };
      const answer = await request(keeper.hostGate, '/containers/create', { method: 'POST', body: labelled });
      return { status: answer.status, Id: '', message: '', ...JSON.parse(answer.body) };
    },
    async stop() {
      const ids = await lab.dockerOutput(['ps', '-aq', '--filter', `label=${LABEL}`]);
      if (ids !== '') await lab.dockerOutput(['rm', '-f', '-v', ...ids.split(/\s+/)]);
      await keeper.stop();
    },
  };
}
