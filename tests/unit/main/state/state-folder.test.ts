import { chmod, mkdir, mkdtemp, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FolderResult, prepareFolder } from '../../../../main/state/state-folder.ts';

describe('prepareFolder', () => {
  let base: string;
  const uid = process.getuid?.();

  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'lockkeeper-folder-')));
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  const prepare = (path: string, owner = uid): Promise<FolderResult> =>
    prepareFolder(path, 'state folder', { uid: owner });
  async function refusal(path: string, owner = uid): Promise<string> {
    const result = await prepare(path, owner);
    return result.ok ? 'accepted' : result.message;
  }

  it('makes it and its parents private', async () => {
    const path = join(base, 'a', 'b');
    expect(await prepare(path)).toEqual({ ok: true, path });
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect((await stat(join(base, 'a'))).mode & 0o777).toBe(0o700);
    expect(await prepare(path)).toEqual({ ok: true, path });
  });

  it('gives the place behind a link, and judges that', async () => {
    const path = join(base, 'real');
    await mkdir(path, { mode: 0o700 });
    await symlink(path, join(base, 'link'));
    expect(await prepare(join(base, 'link'))).toEqual({ ok: true, path });
    await chmod(path, 0o777);
    expect(await refusal(join(base, 'link'))).toContain(`state folder ${path} can be written by others (mode 0777)`);
  });

  it.each([0o720, 0o702])('refuses one that others can write (%o), with the command that mends it', async (mode) => {
    const path = join(base, 'open');
    await mkdir(path);
    await chmod(path, mode);
    expect(await refusal(path)).toMatch(new RegExp(`run 'chmod go-w ${path}'$`));
  });

  it('refuses one that belongs to somebody else', async () => {
    expect(await refusal(base, (uid ?? 0) + 1)).toContain(`belongs to user ${uid}, and Lockkeeper runs as user`);
  });

  it('refuses one whose parent everybody can write, but for sticky ones', async () => {
    const parent = join(base, 'parent');
    const path = join(parent, 'state');
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(parent, 0o777);
    expect(await refusal(path)).toContain(`since ${parent} is writable by everybody`);
    await chmod(parent, 0o1777);
    expect(await refusal(path)).toBe('accepted');
  });

  it('refuses what is no folder, and relative paths', async () => {
    const path = join(base, 'file');
    await writeFile(path, '');
    expect(await refusal(path)).toContain(path);
    expect(await refusal(join(path, 'below'))).toMatch(/cannot be used .*: make it, or choose another$/);
    expect(await refusal('state')).toContain('not an absolute path');
  });

  it('leaves owners and modes to the access list on Windows', async () => {
    await chmod(base, 0o777);
    expect(await prepareFolder(base, 'state folder', { uid: undefined })).toEqual({ ok: true, path: base });
  });
});
