import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type CutOffs, cutOffs } from '../../../../main/exceptions/cut-offs.ts';
import { StateError } from '../../../../main/state/state-error.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';

const holder = {
  key: '0123456789abcdef',
  containerId: 'c1',
  image: 'docker:cli',
  imageId: 'sha256:1',
  entry: 'docker:cli',
  targets: [],
};
const FIRST = '2026-01-01T00:00:00.000000001Z';
const LATER = '2026-01-01T00:00:00.000000002Z';

let cuts: CutOffs;
let disk: Map<string, string>;
let events: EventBody[];
let failures: unknown[];
/** Since when the engine says that the container runs. */
let startedAt: string | undefined;
let answers: boolean;
let write: () => Promise<void>;
const isCutOff = async () => (await cuts.factOf(holder)).kind === 'cut-off';

beforeEach(() => {
  disk = new Map();
  events = [];
  failures = [];
  startedAt = FIRST;
  answers = true;
  write = async () => undefined;
  cuts = cutOffs({
    folder: '/state',
    records: {
      cutOff: async (key, since) => {
        await write();
        disk.set(key, since);
      },
      giveBack: async (key) => {
        await write();
        disk.delete(key);
      },
    },
    engine: {
      container: async () => {
        if (!answers) throw new Error('the engine is away');
        const what = {
          id: 'c1',
          name: 'c',
          image: '',
          imageId: '',
          mounts: [],
          tmpfs: [],
          networks: [],
          hostConfig: {},
        };
        return startedAt === undefined ? what : { ...what, startedAt };
      },
    },
    record: (event) => events.push(event),
    failed: (error) => failures.push(error),
  });
});

describe('a container that is cut off', () => {
  it('is so at once, on disk, and in the journal; and connected again when it is given back', async () => {
    const told = vi.fn();
    cuts.onCutOff(told);
    expect(await isCutOff()).toBe(false);
    const cutting = cuts.cutOff(holder);
    expect(cuts.since(holder.key)).toBeDefined();
    expect(told).toHaveBeenCalledWith(holder.key);
    await cutting;
    expect(disk.get(holder.key)).toBe(cuts.since(holder.key));
    await cuts.cutOff(holder);
    await cuts.giveBack(holder);
    expect(await isCutOff()).toBe(false);
    expect(disk.size).toBe(0);
    expect(events.map((event) => event.type === 'socket' && event.change)).toEqual(['cut-off', 'given-back']);
  });

  it('is cut off in an earlier run, too', async () => {
    cuts.restore(new Map([[holder.key, FIRST]]));
    expect(await cuts.factOf(holder)).toEqual({ kind: 'cut-off', since: FIRST });
  });

  it('stays cut off when neither can be written', async () => {
    write = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    await expect(cuts.cutOff(holder)).rejects.toThrow(StateError);
    expect(await isCutOff()).toBe(true);
    await expect(cuts.giveBack(holder)).rejects.toThrow('the disk is full');
    expect(await isCutOff()).toBe(true);
  });

  it('is on disk as it was asked for last, whatever is slow', async () => {
    let goOn = () => {};
    const slow = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    write = () => slow;
    const cutting = cuts.cutOff(holder);
    await new Promise(setImmediate);
    write = async () => undefined;
    const giving = cuts.giveBack(holder);
    await new Promise(setImmediate);
    goOn();
    await Promise.all([cutting, giving]);
    expect(disk.size).toBe(0);
    expect(await isCutOff()).toBe(false);
  });
});

describe('a start from the host', () => {
  beforeEach(() => cuts.cutOff(holder));

  it('gives the socket back as soon as the container runs anew, before the request is over', async () => {
    const over = cuts.startAsked(holder, FIRST);
    expect(await isCutOff()).toBe(true);
    startedAt = undefined;
    expect(await isCutOff()).toBe(true);
    startedAt = LATER;
    expect(await isCutOff()).toBe(false);
    over();
  });

  it('gives it back when the request is over, though nothing was asked meanwhile', async () => {
    const over = cuts.startAsked(holder, undefined);
    startedAt = LATER;
    over();
    await vi.waitFor(() => expect(cuts.since(holder.key)).toBeUndefined());
  });

  it('of a container that runs already, or that fails, changes nothing, and later restarts do not either', async () => {
    for (const before of [FIRST, undefined]) {
      startedAt = before;
      cuts.startAsked(holder, before)();
      await new Promise(setImmediate);
      startedAt = LATER;
      expect(await isCutOff(), String(before)).toBe(true);
    }
  });

  it('leaves it cut off when the engine does not answer, and says why', async () => {
    const over = cuts.startAsked(holder, FIRST);
    answers = false;
    over();
    await vi.waitFor(() => expect(failures).toEqual([new Error('the engine is away')]));
    expect(cuts.since(holder.key)).toBeDefined();
  });
});
