import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AttachedLab, request } from '../../lab/lab.ts';
import { eventually } from '../running.ts';
import { type DeliveryPlace, openPlace } from './place.ts';
import { SOCKET } from './rows.ts';

const IN_TMPFS = ['--tmpfs', '/t', '-v', `${SOCKET}:/t/d.sock`, 'docker:cli'];

/** What happens to a mounted socket file, and to a look at an image, while Lockkeeper is away. */
export function interrupted(labOf: () => AttachedLab): void {
  let place: DeliveryPlace;
  beforeAll(async () => {
    place = await openPlace(labOf());
  });
  afterAll(() => place?.stop());

  const socketFile = async (id: string) => {
    const file = (await place.delivered(id)).find(({ Destination }) => Destination === '/t/d.sock');
    if (file === undefined) throw new Error('the socket file is not mounted');
    return file.Source;
  };

  it('a container that is restarted while Lockkeeper is stopped comes up, and is listed afterwards', async () => {
    const id = await place.run(...IN_TMPFS);
    const before = statSync(await socketFile(id));
    await place.keeper.kill('SIGTERM');
    expect(statSync(await socketFile(id))).toMatchObject({ uid: before.uid, gid: before.gid, size: 0 });
    await place.lab.dockerOutput(['restart', '-t', '0', id]);
    await place.keeper.restart();
    await eventually(async () => (await place.problems()).includes(id.slice(0, 12)), 'it is listed');
    expect((await place.keeper.events()).map(({ detail }) => String(detail)).join()).toContain('must be restarted');
    await place.lab.dockerOutput(['restart', '-t', '0', id]);
    await eventually(async () => (await place.problems()) === '[]', 'it is listed no more');
    expect(await place.ping(id, '/t/d.sock')).toBe('OK');
    expect(statSync(await socketFile(id))).toMatchObject({ mode: before.mode, uid: before.uid, gid: before.gid });
  });

  it('the folder is removed that the engine makes in place of a socket file that is missing', async () => {
    const id = await place.run(...IN_TMPFS);
    const path = await socketFile(id);
    await place.keeper.kill('SIGTERM');
    rmSync(path);
    await place.lab.docker(['restart', '-t', '0', id]);
    expect(statSync(path).isDirectory()).toBe(true);
    await place.keeper.restart();
    expect(statSync(path).isSocket()).toBe(true);
    await place.lab.dockerOutput(['restart', '-t', '0', id]);
    expect(await place.ping(id, '/t/d.sock')).toBe('OK');
  });

  it('what somebody put into such a folder is not removed, and is told', async () => {
    const id = await place.run(...IN_TMPFS);
    const path = await socketFile(id);
    await place.keeper.kill('SIGTERM');
    rmSync(path);
    await place.lab.docker(['restart', '-t', '0', id]);
    writeFileSync(join(path, 'kept'), '');
    await place.keeper.restart();
    expect(readdirSync(path)).toEqual(['kept']);
    expect(await place.problems()).toContain(id.slice(0, 12));
    rmSync(path, { recursive: true });
    await place.keeper.restart();
    await place.lab.dockerOutput(['restart', '-t', '0', id]);
    expect(await place.ping(id, '/t/d.sock')).toBe('OK');
  });

  it('a container by which an image was looked at is removed at the next start', async () => {
    await place.keeper.kill('SIGKILL');
    const Binds = [`${join(place.keeper.state, 'looks')}:/.lockkeeper:ro`];
    const body = { Image: 'alpine', Cmd: ['x'], HostConfig: { Binds } };
    const path = '/containers/create?name=lockkeeper-look-1';
    expect((await request(place.lab.engineSocket, path, { method: 'POST', body })).status).toBe(201);
    await place.keeper.restart();
    const left = () => place.lab.dockerOutput(['ps', '-aq', '--filter', 'name=lockkeeper-look']);
    await eventually(async () => (await left()) === '', 'it is removed').catch(async (error: Error) => {
      const told = (await place.keeper.events()).map(({ what, detail }) => `${what}: ${detail}`);
      throw new Error(`${error.message}; Lockkeeper told: ${told.join('; ')}`);
    });
  });
}
