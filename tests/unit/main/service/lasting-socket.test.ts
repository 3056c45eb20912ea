import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastingSocket } from '../../../../main/service/lasting-socket.ts';

let folder: string;
let path: string;
let open: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-lasting-'));
  path = join(folder, 'x.sock');
  open = 0;
});
afterEach(() => rm(folder, { recursive: true }));

/** Stands for a listener: a file while it is open. */
async function listener() {
  await writeFile(path, '');
  open += 1;
  return {
    async close() {
      open -= 1;
      await rm(path, { force: true });
    },
  };
}

describe('a listener that lasts', () => {
  it('stands again after its file was taken away', async () => {
    const socket = await lastingSocket(path, listener);
    expect(await socket.isStanding()).toBe(true);
    await rm(path);
    expect(await socket.isStanding()).toBe(false);
    await socket.reopen();
    expect(await socket.isStanding()).toBe(true);
    expect(open).toBe(1);
  });

  it('is missed by nobody once it was closed, and not opened any more', async () => {
    const socket = await lastingSocket(path, listener);
    await socket.close();
    expect(await socket.isStanding()).toBe(true);
    await socket.reopen();
    expect(open).toBe(0);
  });

  it('leaves none behind that was being opened when it was closed', async () => {
    let times = 0;
    const goOn = event();
    const isOpening = event();
    const socket = await lastingSocket(path, async () => {
      times += 1;
      if (times === 2) {
        isOpening.happens();
        await goOn.happened;
      }
      return listener();
    });
    const reopened = socket.reopen();
    await isOpening.happened;
    const closed = socket.close();
    goOn.happens();
    await Promise.all([reopened, closed]);
    expect(times).toBe(2);
    expect(open).toBe(0);
  });

  it('can be opened again after that failed', async () => {
    let times = 0;
    const socket = await lastingSocket(path, async () => {
      times += 1;
      if (times === 2) throw new Error('no room');
      return listener();
    });
    await expect(socket.reopen()).rejects.toThrow('no room');
    expect(await socket.isStanding()).toBe(false);
    await socket.reopen();
    expect(open).toBe(1);
  });
});

function event() {
  let happens: () => void = () => undefined;
  const happened = new Promise<void>((resolve) => {
    happens = resolve;
  });
  return { happens, happened };
}
