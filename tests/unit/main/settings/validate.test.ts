import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateFile } from '../../../../main/settings/validate.ts';
import { temporaryFolder } from './temporary-folder.ts';

function written(text: string, mode = 0o644): string {
  const file = join(temporaryFolder(), 'admin-settings.json');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

describe('validateFile', () => {
  it('finds nothing wrong with a good file', async () => {
    expect(await validateFile(written('{}'))).toEqual({ problems: [], warnings: [] });
  });

  it('tells mistakes with their places', async () => {
    const file = written('{\n  "lockkeeper": 1\n}');
    expect(await validateFile(file)).toEqual({
      problems: [
        { file, line: 2, column: 17, path: 'lockkeeper', text: 'lockkeeper must be an object, but is the number 1.' },
      ],
      warnings: [],
    });
  });

  it('only warns of a link and a mode, and goes on to the contents', async () => {
    const file = written('{"enhancedContainerIsolation": {"value": false}}', 0o666);
    const link = join(temporaryFolder(), 'link.json');
    symlinkSync(file, link);
    const { problems, warnings } = await validateFile(link);
    expect(problems).toEqual([]);
    expect(warnings.map(({ text }) => text.slice(0, 30))).toEqual([
      'The file is a symbolic link, w',
      'The file has mode 0666, so tha',
      'enhancedContainerIsolation.val',
    ]);
  });

  it('tells both what is wrong with the file and with what it says', async () => {
    const { problems, warnings } = await validateFile(written('{', 0o666));
    expect([problems.length, warnings.length]).toEqual([1, 1]);
  });

  it('names a file that is not there, and what is no file', async () => {
    const folder = temporaryFolder();
    const none = join(folder, 'none.json');
    expect(await validateFile(none)).toEqual({
      problems: [{ file: none, text: 'The file does not exist.' }],
      warnings: [],
    });
    expect(await validateFile(folder)).toEqual({
      problems: [{ file: folder, text: 'The file is a folder, not a regular file.' }],
      warnings: [],
    });
  });
});
