import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveryWay } from '../../../shared/decision/plan-delivery.ts';
import type { AttachedLab } from '../../lab/lab.ts';
import { type DeliveryPlace, openPlace } from './place.ts';
import { BIND, SOCKET } from './rows.ts';

const WAYS = [
  { way: 'link', args: ['-v', BIND], at: SOCKET, socketMounts: ['/.lockkeeper'] },
  { way: 'folder', args: ['--read-only', '-v', BIND], at: SOCKET, socketMounts: ['/.lockkeeper', '/run'] },
  {
    way: 'file',
    args: ['--tmpfs', '/t', '-v', `${SOCKET}:/t/d.sock`],
    at: '/t/d.sock',
    socketMounts: ['/.lockkeeper', '/t/d.sock'],
  },
] as const;

/** What comes of a container's socket when others copy what it has, for containers that have it in these ways. */
export function sharing(labOf: () => AttachedLab, ways: readonly DeliveryWay[] = ['link', 'folder', 'file']): void {
  let place: DeliveryPlace;
  beforeAll(async () => {
    place = await openPlace(labOf());
  });
  afterAll(() => place?.stop());

  describe.each(WAYS.filter(({ way }) => ways.includes(way)))(
    'a container that has its socket by $way',
    ({ args, at, socketMounts }) => {
      let holder: string;
      beforeAll(async () => {
        holder = await place.run(...args, '-v', '/shared', 'docker:cli');
        await place.lab.dockerOutput(['exec', holder, 'touch', '/shared/seen']);
      });

      it('shares its volumes, but not its socket, with an image that may have one', async () => {
        const id = await place.run('--volumes-from', holder, 'docker:cli');
        expect(await place.ping(id, at)).toBe('OK');
        expect(await place.lab.dockerOutput(['exec', id, 'ls', '/shared'])).toBe('seen');
        const [own, others] = [await place.delivered(id), await place.delivered(holder)];
        expect(own.map(({ Destination }) => Destination).sort()).toEqual([...socketMounts].sort());
        const sources = new Set(others.map(({ Source }) => Source));
        expect(own.filter(({ Source }) => sources.has(Source))).toEqual([]);
        expect(own.filter(({ RW }) => RW)).toEqual([]);
      });

      it('does not share anything with an image that may not', async () => {
        const run = await place.through('run', '--rm', '--volumes-from', holder, 'alpine', 'true');
        expect(run.stderr).toContain('image is not in the allowed list');
      });

      it.each(['before', 'after'])('keeps it when a tool re-creates it, %s the old one is removed', async (when) => {
        const old = await place.run(...args, 'docker:cli');
        const { HostConfig } = await place.inspect(old);
        const again = () => place.create({ Image: 'docker:cli', Cmd: ['sleep', '600'], HostConfig });
        const early = when === 'before' ? await again() : undefined;
        await place.lab.dockerOutput(['rm', '-f', old]);
        const { status, Id, message } = early ?? (await again());
        expect({ status, message }).toEqual({ status: 201, message: '' });
        await place.through('start', Id);
        expect(await place.ping(Id, at)).toBe('OK');
        expect((await place.delivered(Id)).map(({ Destination }) => Destination).sort()).toEqual(
          [...socketMounts].sort(),
        );
      });

      it('leaves none in an image that is committed from it', async () => {
        const image = await place.lab.dockerOutput(['commit', holder]);
        const id = await place.lab.dockerOutput(['run', '-d', '--label', 'test=delivery', image, 'sleep', '600']);
        expect(await place.ping(id, at)).toBe('-');
        expect(await place.ping(id, '/.lockkeeper/docker.sock')).toBe('-');
        await place.lab.dockerOutput(['rm', '-f', id]);
        await place.lab.dockerOutput(['rmi', image]);
      });
    },
  );

  it('a container of a committed image may have a socket of its own', async () => {
    const holder = await place.run('-v', BIND, 'docker:cli');
    const image = await place.lab.dockerOutput(['commit', holder]);
    const images = ['docker:cli', 'delivery/file:1'];
    await place.keeper.apply({ images, lockkeeper: { localImages: [image] } });
    const id = await place.run('-v', BIND, image);
    expect(await place.ping(id, SOCKET)).toBe('OK');
    await place.lab.dockerOutput(['rm', '-f', id]);
    await place.lab.dockerOutput(['rmi', image]);
  });

  it('keeps the bytes of a file below the socket', async () => {
    const id = await place.run('-v', `${SOCKET}:/opt/taken.sock`, 'delivery/file:1');
    const image = await place.lab.dockerOutput(['commit', id]);
    expect(await place.lab.dockerOutput(['run', '--rm', image, 'cat', '/opt/taken.sock'])).toBe('precious');
    await place.lab.dockerOutput(['rmi', image]);
  });
}
