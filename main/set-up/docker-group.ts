import { readFile, stat } from 'node:fs/promises';
import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

/** Who can open the engine's socket past us. Connecting takes the right to write (unix(7)). */
export async function checkDockerGroup({ endpoint, platform }: Machine) {
  if (endpoint.kind !== 'socket' || platform === 'win32') return finding('docker-group', 'unknown', 'not-local');
  const socket = endpoint.path;
  const found = await stat(socket).catch(() => undefined);
  if (found === undefined) return finding('docker-group', 'unknown', 'not-local');
  if ((found.mode & OTHERS_WRITE) !== 0) {
    return finding('docker-group', 'fail', 'everybody', { socket }, { command: `chmod 0660 ${socket}` });
  }
  if ((found.mode & GROUP_WRITES) === 0) return finding('docker-group', 'pass', 'private', { socket });
  const { name, members } = await groupOf(found.gid);
  if (members.length === 0) return finding('docker-group', 'pass', 'private', { socket });
  return finding('docker-group', 'warn', 'group', { socket, group: name, members: members.join(', ') });
}

/** From the local database (group(5)); groups that a directory server has are known by number only. */
async function groupOf(gid: number): Promise<{ readonly name: string; readonly members: readonly string[] }> {
  const lines = (await readFile('/etc/group', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  const [name = String(gid), , , list = ''] = lines.find((fields) => fields[2] === String(gid)) ?? [];
  return { name, members: list.split(',').filter((member) => member !== '') };
}
