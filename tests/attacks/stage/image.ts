import { existsSync, readFileSync } from 'node:fs';
import { pack } from 'tar-stream';
import type { Engine } from '../ask-engine/engine.ts';
import { NoStage } from './no-stage.ts';

const BUSYBOX = '/bin/busybox';
const APPLETS = [
  'sh',
  'stat',
  'sleep',
  'cat',
  'ls',
  'ln',
  'mv',
  'rm',
  'touch',
  'echo',
  'test',
  '[',
  'readlink',
  'httpd',
];

type Entries = Readonly<Record<string, string | Buffer | { readonly link: string }>>;

/** A tar of entries: a text is a file that may be executed, an object a link. */
export async function tarOf(entries: Entries): Promise<Buffer> {
  const archive = pack();
  for (const [name, entry] of Object.entries(entries)) {
    if (typeof entry === 'object' && 'link' in entry) archive.entry({ name, type: 'symlink', linkname: entry.link });
    else archive.entry({ name, mode: 0o755 }, entry);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** This machine's static busybox with links for its programs, below a folder of the archive. */
export function busybox(below = ''): Entries {
  const links = Object.fromEntries(APPLETS.map((name) => [`${below}bin/${name}`, { link: 'busybox' }]));
  return { [`${below}bin/busybox`]: readFileSync(BUSYBOX), ...links };
}

let count = 0;

/** Makes an image, so that no registry is needed. Returns its name. */
export async function importImage(engine: Engine): Promise<string> {
  const remedy = 'name an image that the engine has with --image';
  if (!existsSync(BUSYBOX)) throw new NoStage(`no image can be made: there is no ${BUSYBOX}; ${remedy}`);
  count += 1;
  const name = `lk-attack-image-${process.pid}-${count}`;
  const path = `/images/create?fromSrc=-&repo=${name}&tag=latest`;
  const { status, text } = await engine.door.send({ method: 'POST', path, tar: await tarOf(busybox()) });
  if (status !== 200 || text.includes('"error"')) {
    throw new NoStage(`the engine makes no image of ${BUSYBOX}: ${text}; ${remedy}`);
  }
  return `${name}:latest`;
}
