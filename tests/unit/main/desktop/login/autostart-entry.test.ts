import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { autostartEntry, readAutostartEntry } from '../../../../../main/desktop/login/autostart-entry.ts';

const words = ['/opt/Lockkeeper/lockkeeper', '--state', '/home/me/a b'];
const entry = autostartEntry(words);
const GIO = '/usr/bin/gio';
const skipped = existsSync(GIO) ? '' : ' (skipped: no gio; on Debian: apt-get install libglib2.0-bin)';

describe('an autostart entry', () => {
  it.each([
    ['a b', '"a b"'],
    ['100%', '"100%%"'],
    ['a"b', '"a\\\\"b"'],
    ['$HOME', '"\\\\$HOME"'],
    ['`id`', '"\\\\`id\\\\`"'],
    ['a\\b', '"a\\\\\\\\b"'],
    ['a\nExec=rm', '"a\\nExec=rm"'],
    ['', '""'],
  ])('has the word %j as %s', (word, written) => {
    const text = autostartEntry(['/x', word]);
    expect(text.match(/^Exec=.*$/gm)).toEqual([`Exec="/x" ${written}`]);
    expect(readAutostartEntry(text).starts(['/x', word])).toBe(true);
  });

  it.runIf(skipped === '')(`has its words as GLib takes them apart${skipped}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'lk-entry $x "'));
    try {
      const [program, out, file] = [join(folder, 'program'), join(folder, 'out'), join(folder, 'x.desktop')];
      // The entry is in place at once: what it starts says by a rename that it has written all.
      writeFileSync(program, '#!/bin/sh\nout=$1; shift\nprintf "%s\\0" "$@" > "$out.new"; mv "$out.new" "$out"\n');
      chmodSync(program, 0o755);
      const odd = ['a b', '$HOME', '`id`', 'a\\b', '"', "'", '100% %u %%', 'a\nb\tc', '~', '*', '', '\\\\"', 'ä—中'];
      writeFileSync(file, autostartEntry([program, out, ...odd]));
      // It does not wait for what it has started, but that holds our pipe until it ends.
      const launched = spawnSync(GIO, ['launch', file], { encoding: 'utf8' });
      expect(launched).toMatchObject({ status: 0, stderr: '' });
      expect(readFileSync(out, 'utf8').split('\0').slice(0, -1)).toEqual(odd);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('starts what it says, and nothing else', () => {
    const found = readAutostartEntry(entry);
    expect(found.isOurs).toBe(true);
    expect(found.starts(words)).toBe(true);
    expect(found.starts(['/opt/Lockkeeper/lockkeeper'])).toBe(false);
  });

  it.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false', 'Hidden = true'])('is off by %s', (line) => {
    const found = readAutostartEntry(`${entry}${line}\n`);
    expect(found.isOurs).toBe(true);
    expect(found.starts(words)).toBe(false);
    expect(readAutostartEntry(`${entry}[Desktop Action x]\n${line}\n`).starts(words)).toBe(true);
  });

  it('is not ours without our key, whatever it starts', () => {
    const foreign = readAutostartEntry(entry.replace(/^X-Lockkeeper=.*$/m, '# X-Lockkeeper=x'));
    expect(foreign.isOurs).toBe(false);
    expect(foreign.starts(words)).toBe(false);
    expect(readAutostartEntry('no entry at all').isOurs).toBe(false);
  });
});
