import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { posixTrust } from '../../../../main/settings/trust.ts';
import { readDoubted, readTrusted } from '../../../../main/settings/trusted-read.ts';
import { temporaryFolder } from './temporary-folder.ts';

const me = process.getuid?.() ?? -1;
const asRoot = me === 0;
const trust = posixTrust(me);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function fileWith(contents: string, mode = 0o644): string {
  const file = join(temporaryFolder(), 'admin-settings.json');
  writeFileSync(file, contents);
  chmodSync(file, mode);
  return file;
}

async function problemOf(file: string, owner: 'administrator' | 'user' | 'either' = 'user'): Promise<string> {
  const reading = await readTrusted(file, owner, trust);
  return reading.kind === 'refused' ? reading.problem : `not refused but ${reading.kind}`;
}

describe('readTrusted', () => {
  it('reads a file of the right owner and mode', async () => {
    const reading = await readTrusted(fileWith('{"a": 1}'), 'user', trust);
    expect(reading.kind === 'read' && text(reading.bytes)).toBe('{"a": 1}');
  });

  it('reads exactly 1 MiB, and refuses one byte more', async () => {
    const file = fileWith('');
    truncateSync(file, 1024 * 1024);
    const reading = await readTrusted(file, 'user', trust);
    expect(reading.kind === 'read' && reading.bytes.length).toBe(1024 * 1024);
    truncateSync(file, 1024 * 1024 + 1);
    expect(await problemOf(file)).toBe('The file is larger than 1 MiB, which no settings file needs to be.');
  });

  it.runIf(existsSync('/proc/version'))(
    'refuses a file that holds more than its size says, as one that grows',
    async () => {
      expect(await problemOf('/proc/version')).toBe('The file was being written to while it was read.');
    },
  );

  it.runIf(existsSync('/proc/self/fd'))('leaves no file open', async () => {
    const file = fileWith('{}');
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let count = 0; count < 20; count++) {
      await readTrusted(file, 'user', trust);
      await readTrusted('/dev/null', 'user', trust);
    }
    expect(open()).toBe(before);
  });

  it('says "missing" only when nothing is there', async () => {
    const folder = temporaryFolder();
    expect(await readTrusted(join(folder, 'none.json'), 'user', trust)).toEqual({ kind: 'missing' });
    expect(await readTrusted(join(folder, 'no', 'such', 'folder', 'none.json'), 'user', trust)).toEqual({
      kind: 'missing',
    });
  });

  it('refuses links, also to a file that would do, also to nothing', async () => {
    const file = fileWith('{}');
    const link = join(temporaryFolder(), 'link.json');
    const problem = 'The file is a symbolic link, whose target can be changed by others; put the file itself there.';
    symlinkSync(file, link);
    expect(await problemOf(link)).toBe(problem);
    rmSync(file);
    expect(await problemOf(link)).toBe(problem);
  });

  it('refuses a file in a folder that is a link to nothing', async () => {
    const folder = temporaryFolder();
    symlinkSync(join(folder, 'gone'), join(folder, 'lockkeeper'));
    const problem = `The file cannot be reached: ${folder}/lockkeeper is a link that leads nowhere.`;
    expect(await problemOf(join(folder, 'lockkeeper', 'admin-settings.json'))).toBe(problem);
    expect(await problemOf(join(folder, 'lockkeeper', 'deeper', 'admin-settings.json'))).toBe(problem);
  });

  it('takes a file for missing in a folder that is a link to a folder', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'lockkeeper'));
    expect(await readTrusted(join(folder, 'lockkeeper', 'none.json'), 'user', trust)).toEqual({ kind: 'missing' });
  });

  it('refuses links in a circle and files where folders should be', async () => {
    const folder = temporaryFolder();
    symlinkSync(join(folder, 'b'), join(folder, 'a'));
    symlinkSync(join(folder, 'a'), join(folder, 'b'));
    writeFileSync(join(folder, 'c'), '');
    expect(await problemOf(join(folder, 'a', 'x.json'))).toBe(
      'The file cannot be reached: there are symbolic links in a circle on the way to it.',
    );
    expect(await problemOf(join(folder, 'c', 'x.json'))).toBe(
      'The file cannot be reached: something on the way to it is not a folder.',
    );
  });

  it('refuses what is not a regular file, without waiting for anybody', async () => {
    const folder = temporaryFolder();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const server = createServer().listen(join(folder, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    expect(await problemOf(folder)).toBe('The file is a folder, not a regular file.');
    expect(await problemOf(join(folder, 'pipe'))).toBe('The file is a named pipe, not a regular file.');
    expect(await problemOf(join(folder, 'socket'))).toBe('The file is a socket or a device, not a regular file.');
    expect(await problemOf('/dev/null')).toBe('The file is a device, not a regular file.');
  });

  it.each([
    [0o664, '0664'],
    [0o646, '0646'],
    [0o622, '0622'],
    [0o4666, '4666'],
  ])('refuses mode %o', async (mode, shown) => {
    const file = fileWith('{}', mode);
    expect(await problemOf(file)).toBe(
      `The file has mode ${shown}, so that others than its owner can write to it (chmod go-w ${file}).`,
    );
  });

  it.each([0o600, 0o400, 0o644, 0o755])('accepts mode %o', async (mode) => {
    expect((await readTrusted(fileWith('{}', mode), 'user', trust)).kind).toBe('read');
  });

  it.runIf(asRoot)('refuses owners that the place does not allow', async () => {
    const file = fileWith('{}');
    chownSync(file, 1234, 1234);
    const owned = (owner: 'administrator' | 'user' | 'either', uid: number) =>
      readTrusted(file, owner, posixTrust(uid));
    const refused = (wanted: string, uid: number) => ({
      kind: 'refused',
      problem: `The file is owned by user 1234, but must be owned by ${wanted} (chown ${uid} ${file}).`,
    });
    expect(await owned('administrator', 1234)).toEqual(refused('root', 0));
    expect(await owned('user', 1000)).toEqual(refused('user 1000', 1000));
    expect(await owned('either', 1000)).toEqual(refused('root or user 1000', 0));
    expect((await owned('user', 1234)).kind).toBe('read');
    expect((await owned('either', 1234)).kind).toBe('read');
  });

  it.runIf(asRoot)('accepts root as owner of the files that root may own', async () => {
    const file = fileWith('{}');
    expect((await readTrusted(file, 'administrator', posixTrust(1000))).kind).toBe('read');
    expect((await readTrusted(file, 'either', posixTrust(1000))).kind).toBe('read');
    expect((await readTrusted(file, 'user', posixTrust(1000))).kind).toBe('refused');
  });
});

describe('readDoubted', () => {
  it('reads on in spite of a link and a mode, and tells both', async () => {
    const file = fileWith('{}', 0o666);
    const link = join(temporaryFolder(), 'link.json');
    symlinkSync(file, link);
    const reading = await readDoubted(link, 'either', trust);
    expect(reading).toMatchObject({
      kind: 'read',
      doubts: [
        'The file is a symbolic link, whose target can be changed by others; put the file itself there.',
        `The file has mode 0666, so that others than its owner can write to it (chmod go-w ${link}).`,
      ],
    });
  });

  it('does not read what cannot be read', async () => {
    const folder = temporaryFolder();
    symlinkSync(join(folder, 'gone'), join(folder, 'link.json'));
    expect(await readDoubted(join(folder, 'none.json'), 'either', trust)).toEqual({ kind: 'missing' });
    expect(await readDoubted(folder, 'either', trust)).toEqual({
      kind: 'refused',
      problem: 'The file is a folder, not a regular file.',
    });
    expect(await readDoubted(join(folder, 'link.json'), 'either', trust)).toEqual({
      kind: 'refused',
      problem: `The file cannot be reached: ${folder}/link.json is a link that leads nowhere.`,
    });
  });
});
