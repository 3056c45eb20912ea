import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

/**
 * Who can open the engine's socket past us. Connecting takes the right to write (unix(7)). `accounts` holds the local
 * database of users and groups.
 */
export async function checkDockerGroup({ endpoint, platform }: Machine, accounts = '/etc') {
  if (endpoint.kind !== 'socket' || platform === 'win32') return finding('docker-group', 'unknown', 'not-local');
  const socket = endpoint.path;
  const found = await stat(socket).catch(() => undefined);
  if (found === undefined) return finding('docker-group', 'unknown', 'no-file', { socket });
  if ((found.mode & OTHERS_WRITE) !== 0) {
    return finding('docker-group', 'fail', 'everybody', { socket }, { command: `chmod 0660 ${socket}` });
  }
  const owner = (await usersBy(accounts, 'uid', found.uid))[0] ?? String(found.uid);
  const { name, members } = await groupOf(accounts, found.gid);
  const others = members.filter((member) => member !== owner);
  if ((found.mode & GROUP_WRITES) === 0 || others.length === 0) {
    return finding('docker-group', 'pass', 'private', { socket, owner });
  }
  return finding('docker-group', 'warn', 'group', { socket, group: name, members: others.join(', ') });
}

/** From the local database (group(5)); groups that a directory server has are known by number only. */
async function groupOf(
  accounts: string,
  gid: number,
): Promise<{ readonly name: string; readonly members: readonly string[] }> {
  const [name = String(gid), , , list = ''] =
    (await linesOf(join(accounts, 'group'))).find((fields) => fields[2] === String(gid)) ?? [];
  const listed = list.split(',').filter((member) => member !== '');
  return { name, members: [...new Set([...listed, ...(await usersBy(accounts, 'gid', gid))])] };
}

/** Users with that number, or with that first group, which does not list them (passwd(5)). */
async function usersBy(accounts: string, what: 'uid' | 'gid', id: number): Promise<readonly string[]> {
  const lines = await linesOf(join(accounts, 'passwd'));
  return lines.flatMap(([name, , uid, gid]) => (name && (what === 'uid' ? uid : gid) === String(id) ? [name] : []));
}

async function linesOf(file: string): Promise<readonly (readonly string[])[]> {
  return (await readFile(file, 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
}
