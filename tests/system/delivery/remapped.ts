import { statSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AttachedLab } from '../../lab/lab.ts';
import { eventually } from '../running.ts';
import { type DeliveryPlace, openPlace } from './place.ts';
import { BIND, SOCKET } from './rows.ts';

/** An engine on which root of a container is nobody on the host (daemon.json: userns-remap). */
export function remapped(labOf: () => AttachedLab): void {
  let place: DeliveryPlace;
  beforeAll(async () => {
    place = await openPlace(labOf());
  });
  afterAll(() => place?.stop());

  it.each([
    ['link', ['-v', BIND], SOCKET],
    ['folder', ['--read-only', '-v', BIND], SOCKET],
    ['file', ['--tmpfs', '/t', '-v', `${SOCKET}:/t/d.sock`], '/t/d.sock'],
  ])('root of a container can use its socket by %s', async (_way, args, at) => {
    const id = await place.run(...args, 'docker:cli');
    const [own] = await place.delivered(id);
    expect(await place.ping(id, at)).toBe('OK');
    expect(statSync(own?.Source ?? '').uid).toBeGreaterThan(0);
  });

  it('a user can by the group of the engine, as without remapping, and nobody else', async () => {
    const { gid } = statSync(place.lab.engineSocket);
    const member = await place.run('--user', '1000', '--group-add', `${gid}`, '-v', BIND, 'docker:cli');
    expect(await place.ping(member, SOCKET)).toBe('OK');
    const other = await place.run('--user', '1000:1000', '-v', BIND, 'docker:cli');
    expect(await place.ping(other, SOCKET)).toBe('-');
  });

  it('a container without remapping can use its socket', async () => {
    const id = await place.run('--userns', 'host', '-v', BIND, 'docker:cli');
    expect(await place.ping(id, SOCKET)).toBe('OK');
  });

  it('still can after a restart of Lockkeeper', async () => {
    const id = await place.run('-v', BIND, 'docker:cli');
    await place.keeper.restart();
    await eventually(async () => (await place.ping(id, SOCKET)) === 'OK', 'the socket works');
  });
}
