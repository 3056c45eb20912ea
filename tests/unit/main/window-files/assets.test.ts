import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtRenderer, loadAssets } from '../../../../main/window-files/assets.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-assets-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the files of the window', () => {
  it('are those of known kinds in the built folder, the index as the window itself', async () => {
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<p>');
    await writeFile(join(folder, 'assets', 'a-1.js'), '1');
    await writeFile(join(folder, 'assets', 'a-1.js.map'), '{}');
    await writeFile(join(folder, 'secret'), 's');
    await symlink('/etc/hostname', join(folder, 'assets', 'link.js'));
    const loaded = await loadAssets(folder);
    expect(loaded.ok && Object.fromEntries(loaded.assets)).toEqual({
      '/': {
        body: Buffer.from('<p>'),
        headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
      },
      '/assets/a-1.js': {
        body: Buffer.from('1'),
        headers: {
          'Content-Type': 'text/javascript; charset=utf-8',
          'Cache-Control': 'private, max-age=31536000, immutable',
        },
      },
    });
  });

  it.each(['empty', 'missing', undefined])('say what to do when they are not there: %s', async (name) => {
    await mkdir(join(folder, 'empty'));
    expect(await loadAssets(name === undefined ? undefined : join(folder, name))).toMatchObject({
      ok: false,
      message: expect.stringContaining("run 'npm run build'"),
    });
  });

  it('are beside the bundle, wherever in it this is', () => {
    expect(builtRenderer('/opt/dist/x/dist/main/lockkeeper.js')).toBe('/opt/dist/x/dist/renderer');
    expect(builtRenderer('/opt/x/dist/main/parts/service.js')).toBe('/opt/x/dist/renderer');
    expect(builtRenderer('/opt/x/main/window-files/assets.ts')).toBeUndefined();
  });
});
