import { chmod, mkdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JournalPlace } from '../../../../main/journal/place.ts';
import { journalFolder, journalNews, linesOf, started } from './journal-under-test.ts';

const { path, opened } = journalFolder();
const MIB = 2 ** 20;

/** A journal in a folder beside the other files of the test, with `lockkeeper.audit.path` as `wanted` says. */
async function placed(recheckMs = 3_600_000) {
  const state = path('state');
  await mkdir(state, { mode: 0o700 });
  const setting: { wanted: string | undefined } = { wanted: undefined };
  const place = (): JournalPlace => ({ maxBytes: MIB, ...(setting.wanted !== undefined && { path: setting.wanted }) });
  const journal = await opened({ folder: state, place, recheckMs });
  const record = async () => {
    journal.record(started);
    await journal.flush();
  };
  return { journal, setting, state, record, home: join(state, 'journal.jsonl') };
}

const sequencesIn = async (file: string) => (await linesOf(file)).map((event) => event.sequence);

describe('lockkeeper.audit.path', () => {
  it('is where lines go from the next one on, in a folder that is made for it', async () => {
    const { setting, home, record } = await placed();
    await record();
    setting.wanted = path('log/lockkeeper/audit.jsonl');
    await record();
    expect(await sequencesIn(home)).toEqual([1]);
    expect(await sequencesIn(setting.wanted)).toEqual([2]);
    expect((await stat(setting.wanted)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(setting.wanted))).mode & 0o777).toBe(0o700);
    setting.wanted = undefined;
    await record();
    expect(await sequencesIn(home)).toEqual([1, 3]);
  });

  it('is not used in a folder that others can write; the journal stays at home and says so', async () => {
    const { journal, setting, home, record } = await placed(0);
    const open = path('open');
    await mkdir(open);
    await chmod(open, 0o777);
    setting.wanted = join(open, 'audit.jsonl');
    await record();
    expect(await sequencesIn(home)).toEqual([1, 2]);
    expect(journal.trouble()).toContain(`${open} can be written by others (mode 0777): run 'chmod go-w ${open}'`);
    expect(journalNews(journal.recent())).toEqual([
      `journal-misplaced: ${journal.trouble()}; the journal is written to ${home} meanwhile`,
    ]);
    await chmod(open, 0o700);
    await record();
    expect(await sequencesIn(setting.wanted)).toEqual([3]);
    expect(journal.trouble()).toBeUndefined();
  });

  it.each(['sockets/audit.jsonl', 'empty/audit.jsonl', 'sockets/key/audit.jsonl'])(
    'is not used in what containers get of the state folder: %s',
    async (below) => {
      const { journal, setting, home, record, state } = await placed();
      setting.wanted = join(state, below);
      await record();
      expect((await sequencesIn(home))[0]).toBe(1);
      expect(journal.trouble()).toBe(
        `lockkeeper.audit.path is ${setting.wanted}, in a folder of Lockkeeper's own state: choose another folder`,
      );
    },
  );

  it('may be another file at the top of the state folder', async () => {
    const { setting, state, record } = await placed();
    setting.wanted = join(state, 'audit.jsonl');
    await record();
    expect(await sequencesIn(setting.wanted)).toEqual([1]);
  });

  it('is not followed when it is a link, nor used when it is a folder', async () => {
    const { journal, setting, home, record } = await placed(0);
    await mkdir(path('log'), { mode: 0o700 });
    setting.wanted = path('log/audit.jsonl');
    await symlink(path('victim'), setting.wanted);
    await record();
    await expect(readFile(path('victim'))).rejects.toThrow('ENOENT');
    expect(journal.trouble()).toMatch(/^lockkeeper\.audit\.path cannot be used \(ELOOP/);
    await rm(setting.wanted);
    await mkdir(setting.wanted);
    await record();
    expect(journal.trouble()).toMatch(/^lockkeeper\.audit\.path cannot be used \(EISDIR/);
    expect((await linesOf(home)).length).toBeGreaterThan(2);
  });
});
