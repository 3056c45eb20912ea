import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkDockerGroup } from '../../../../main/set-up/docker-group.ts';
import { found, machine } from './found.ts';

const { getuid = () => 0, getgid = () => 0 } = process;
let folder: string;
let socket: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lk-group-'));
  socket = join(folder, 'docker.sock');
  writeFileSync(socket, '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is found for a socket of ours with that mode, where the accounts are these. */
async function withMode(mode: number, group: string, passwd: string): Promise<string> {
  chmodSync(socket, mode);
  const etc = join(folder, 'etc');
  mkdirSync(etc, { recursive: true });
  writeFileSync(join(etc, 'group'), group);
  writeFileSync(join(etc, 'passwd'), passwd);
  const endpoint = { kind: 'socket', url: `unix://${socket}`, path: socket } as const;
  return await found(checkDockerGroup(machine({ endpoint }), etc));
}

const me = `me:x:${getuid()}:999999::/:/bin/sh\n`;

it.each([
  ['everybody', 0o666, '', me, 'fail everybody'],
  ['nobody else', 0o600, `docker:x:${getgid()}:ann\n`, me, 'pass private'],
  ['a group without members', 0o660, `docker:x:${getgid()}:\n`, me, 'be opened by me only'],
  ['a group of the owner alone', 0o660, `docker:x:${getgid()}:me\n`, me, 'pass private'],
  ['a group', 0o660, `root:x:1:zoe\ndocker:x:${getgid()}:ann,bob\n`, me, 'Members of the group docker (ann, bob) can'],
  ['a first group', 0o660, `d:x:${getgid()}:\n`, `${me}eve:x:77:${getgid()}::/:/bin/sh\n`, 'of the group d (eve) can'],
  ['a group that is known by number only', 0o660, '', `${me}eve:x:77:${getgid()}::/:\n`, `the group ${getgid()} (eve)`],
])('the engine’s socket can be opened by %s', async (_, mode, group, passwd, expected) => {
  expect(await withMode(mode, group, passwd)).toContain(expected);
});

it('says so when there is no file to look at', async () => {
  expect(await found(checkDockerGroup(machine()))).toContain('unknown no-file');
  const endpoint = { kind: 'tcp', url: 'tcp://127.0.0.1:1', host: '127.0.0.1', port: 1 } as const;
  expect(await found(checkDockerGroup(machine({ endpoint })))).toContain('unknown not-local');
});
