import type { AttachedLab, ImageContent } from '../../lab/lab.ts';

export const SOCKET = '/var/run/docker.sock';
export const BIND = `${SOCKET}:${SOCKET}`;

/** Images that make a difference to delivery, as they are published on the offline Hub. */
export const IMAGES: Readonly<Record<string, ImageContent>> = {
  'delivery/no-run:1': { from: 'docker:cli', files: { '/.wh.run': '', '/var/.wh.run': '' } },
  'delivery/dangling:1': { from: 'docker:cli', files: { '/var/run': { symlink: '/nowhere/yet' } } },
  'delivery/linked:1': { from: 'docker:cli', files: { [SOCKET]: { symlink: '/opt/engine/docker.sock' } } },
  'delivery/file:1': { from: 'docker:cli', files: { '/opt/taken.sock': 'precious\n' } },
  'delivery/volume:1': { from: 'docker:cli', config: { Volumes: { '/data': {} } } },
  'delivery/taken:1': { from: 'docker:cli', files: { '/.lockkeeper': 'mine\n' } },
  'delivery/astray:1': { from: 'docker:cli', files: { '/.lockkeeper': { symlink: '/etc' } } },
  'delivery/full-run:1': { from: 'docker:cli', files: { '/run/lock/kept': 'kept\n' } },
};

/** A case of delivery that works: what is asked for, and by which way the socket comes. */
export interface DeliveryRow {
  readonly name: string;
  readonly image?: string;
  readonly args: readonly string[];
  /** Paths at which the socket must work. */
  readonly at: readonly string[];
  readonly way: 'link' | 'folder' | 'file';
  /** Run inside besides; its output must be this. */
  readonly also?: { readonly script: string; readonly prints: string };
}

/** What the rows need of the place where they run. */
export interface RowPlace {
  /** A folder of the user's own, with an empty file `docker.sock`, on which the engine can mount. */
  readonly folder: string;
  /** The group that may use the engine's socket. */
  readonly group: number;
}

const at = (...targets: string[]) => targets.flatMap((target) => ['-v', `${SOCKET}:${target}`]);
const usual = at(SOCKET);
/** Longer than the 100 bytes of a tar's plain header (pax(1)), but not than a socket's path. */
const ODD_NAME = `/opt/套接字 "of" mine/${'x'.repeat(70)}.sock`;

export function deliveryRows({ folder, group }: RowPlace): readonly DeliveryRow[] {
  return [
    { name: 'nothing special', args: usual, at: [SOCKET], way: 'link' },
    { name: 'a deep target', args: at('/opt/a/b/c/d.sock'), at: ['/opt/a/b/c/d.sock'], way: 'link' },
    { name: 'a target that is spelled oddly', args: at('//opt/./x/../odd.sock'), at: ['/opt/odd.sock'], way: 'link' },
    { name: 'a target with an odd name', args: at(ODD_NAME), at: [ODD_NAME], way: 'link' },
    { name: 'no /var/run', image: 'delivery/no-run:1', args: usual, at: [SOCKET], way: 'link' },
    { name: 'a dangling /var/run', image: 'delivery/dangling:1', args: usual, at: [SOCKET], way: 'link' },
    {
      name: 'a link of the image at the target, which stays',
      image: 'delivery/linked:1',
      args: usual,
      at: [SOCKET],
      way: 'link',
      also: { script: `readlink ${SOCKET}`, prints: '/opt/engine/docker.sock' },
    },
    {
      name: 'a file of the image at the target, which stays below',
      image: 'delivery/file:1',
      args: at('/opt/taken.sock'),
      at: ['/opt/taken.sock'],
      way: 'file',
    },
    {
      name: 'a volume of the image over the parent',
      image: 'delivery/volume:1',
      args: at('/data/docker.sock'),
      at: ['/data/docker.sock'],
      way: 'file',
    },
    {
      name: 'a read-only root',
      args: ['--read-only', ...usual],
      at: [SOCKET],
      way: 'folder',
      also: { script: 'touch /run/x 2>/dev/null || echo read-only', prints: 'read-only' },
    },
    {
      name: 'a read-only root, where the image has something beside the target',
      image: 'delivery/full-run:1',
      args: ['--read-only', ...usual],
      at: [SOCKET],
      way: 'file',
      also: { script: 'cat /run/lock/kept', prints: 'kept' },
    },
    {
      name: 'a read-only root and a tmpfs over the parent',
      args: ['--read-only', '--tmpfs', '/run', ...usual],
      at: [SOCKET],
      way: 'file',
      also: { script: 'touch /run/x && echo writable', prints: 'writable' },
    },
    { name: 'a tmpfs over the parent', args: ['--tmpfs', '/var/run', ...usual], at: [SOCKET], way: 'file' },
    { name: "a tmpfs over the parent's real path", args: ['--tmpfs', '/run', ...usual], at: [SOCKET], way: 'file' },
    {
      name: 'a tmpfs by --mount over the parent',
      args: ['--mount', 'type=tmpfs,dst=/run', ...usual],
      at: [SOCKET],
      way: 'file',
    },
    {
      name: 'a parent bound read-only',
      args: ['-v', `${folder}:/run:ro`, ...usual],
      at: [SOCKET],
      way: 'file',
      also: { script: 'cat /run/mine', prints: 'mine' },
    },
    {
      name: "the user's own folder over the parent",
      args: ['-v', `${folder}:/var/run`, ...usual],
      at: [SOCKET],
      way: 'file',
      also: { script: 'cat /run/mine', prints: 'mine' },
    },
    { name: 'an anonymous volume over the parent', args: ['-v', '/run', ...usual], at: [SOCKET], way: 'file' },
    { name: 'a place that the engine mounts itself', args: at('/dev/d.sock'), at: ['/dev/d.sock'], way: 'file' },
    {
      name: "a user of the engine's group",
      args: ['--user', '1000', '--group-add', `${group}`, ...usual],
      at: [SOCKET],
      way: 'link',
    },
    {
      name: 'several sockets in one container',
      args: at(SOCKET, '/opt/second.sock', '/run/docker.sock'),
      at: [SOCKET, '/opt/second.sock', '/run/docker.sock'],
      way: 'link',
    },
    {
      name: 'several sockets, of which one lies in a tmpfs',
      args: ['--tmpfs', '/t', ...at(SOCKET, '/t/docker.sock')],
      at: [SOCKET, '/t/docker.sock'],
      way: 'file',
    },
  ];
}

export interface RefusedRow {
  readonly name: string;
  readonly image?: string;
  readonly args: readonly string[];
  readonly says: string;
}

/** Cases that are refused at create, each with the words that say why. */
export const REFUSED: readonly RefusedRow[] = [
  {
    name: 'a folder of the image at the target',
    args: at('/home/user'),
    says: '/home/user is a folder in the image, which is not replaced',
  },
  {
    name: 'a file of the image in place of a parent',
    args: at('/etc/passwd/docker.sock'),
    says: '/etc/passwd in the image is not a folder',
  },
  {
    name: "a mount of the user's at our place",
    args: ['-v', '/srv:/.lockkeeper', ...usual],
    says: '/.lockkeeper is taken by another mount',
  },
  ...['delivery/taken:1', 'delivery/astray:1'].map((image) => ({
    name: `something of the image at our place (${image})`,
    image,
    args: usual,
    says: '/.lockkeeper in the image is not a folder',
  })),
  {
    name: 'a mount below the target',
    args: ['-v', `/srv:${SOCKET}/x`, ...usual],
    says: `${SOCKET.replace('/var', '')}/x is a mount below ${SOCKET}`,
  },
];

export async function publishDeliveryImages(lab: AttachedLab): Promise<void> {
  for (const [name, content] of Object.entries(IMAGES)) {
    await lab.publish(name, content);
    await lab.dockerOutput(['pull', '-q', name]);
  }
}
