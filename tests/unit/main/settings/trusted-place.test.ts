import { appendFileSync, chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { posixTrust } from '../../../../main/settings/trust.ts';
import { readAtTrustedPlace } from '../../../../main/settings/trusted-read.ts';
import { posixWayTrust } from '../../../../main/settings/way-trust.ts';
import { temporaryFolder } from './temporary-folder.ts';

const me = process.getuid?.() ?? -1;
const plain = { trust: posixTrust(me), wayTrust: posixWayTrust(me) };

/** Trust that lets something happen each time after a file was read, which is when its owner is asked for. */
function meanwhile(act: (time: number) => void): typeof plain {
  let time = 0;
  return {
    ...plain,
    trust: (...about) => {
      time += 1;
      act(time);
      return plain.trust(...about);
    },
  };
}

function written(contents: string): string {
  const file = join(temporaryFolder(), 'settings.json');
  writeFileSync(file, contents, { mode: 0o600 });
  return file;
}

function replace(file: string, contents: string): void {
  writeFileSync(`${file}.new`, contents, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

const textOf = (reading: Awaited<ReturnType<typeof readAtTrustedPlace>>) =>
  reading.kind === 'read' ? new TextDecoder().decode(reading.bytes) : reading;

describe('readAtTrustedPlace', () => {
  it('reads the file that is there now, when it was replaced while it was read', async () => {
    const file = written('old');
    const place = meanwhile((time) => {
      if (time === 1) replace(file, 'new');
    });
    expect(textOf(await readAtTrustedPlace(file, 'user', place))).toBe('new');
  });

  it('says "missing" of a file that vanishes while it is read', async () => {
    const file = written('old');
    expect(
      textOf(
        await readAtTrustedPlace(
          file,
          'user',
          meanwhile(() => rmSync(file)),
        ),
      ),
    ).toEqual({ kind: 'missing' });
  });

  it('does not chase a file that is replaced for ever', async () => {
    const file = written('0');
    const place = meanwhile((time) => replace(file, String(time)));
    expect(textOf(await readAtTrustedPlace(file, 'user', place))).toEqual({
      kind: 'refused',
      problem: 'The file was replaced again and again while it was read.',
    });
  });

  it('does not mind that the file is written to afterwards', async () => {
    const file = written('old');
    const place = meanwhile(() => appendFileSync(file, ' and more'));
    expect(textOf(await readAtTrustedPlace(file, 'user', place))).toBe('old');
  });

  it('looks into a missing file of the administrator, but not of a user', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o777);
    const file = join(folder, 'none.json');
    expect(await readAtTrustedPlace(file, 'user', plain)).toEqual({ kind: 'missing' });
    expect(await readAtTrustedPlace(file, 'administrator', plain)).toMatchObject({
      kind: 'refused',
      problem: expect.stringMatching(/^The file does not exist, but others could have removed it: the folder /),
    });
  });
});

describe.runIf(me === 0)('as an ordinary user', () => {
  /** Does something with the rights of another user; nothing else of this process may run meanwhile. */
  async function asNobody<Result>(act: () => Promise<Result>): Promise<Result> {
    process.seteuid?.(65534);
    try {
      return await act();
    } finally {
      process.seteuid?.(0);
    }
  }
  const denied = { kind: 'refused', problem: 'The file cannot be read: permission denied.' };

  it('cannot read a file that is not for others', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'settings.json');
    writeFileSync(file, '{}', { mode: 0o600 });
    chmodSync(folder, 0o755);
    expect(await asNobody(() => readAtTrustedPlace(file, 'administrator', plain))).toEqual(denied);
  });

  it('cannot tell whether a file is in a folder that is not for others, and does not call it missing', async () => {
    const file = join(temporaryFolder(), 'settings.json');
    expect(await asNobody(() => readAtTrustedPlace(file, 'administrator', plain))).toEqual(denied);
  });
});
