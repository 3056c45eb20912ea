import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formerTargets } from '../../../../main/exceptions/former-targets.ts';
import {
  type HolderRecords,
  holderRecords,
  MOST_FORMER,
  readCutOffs,
} from '../../../../main/exceptions/holder-records.ts';

let folder: string;
let records: HolderRecords;
const inHolders = (name: string) => join(folder, 'holders', name);
const stored = () => readdirSync(join(folder, 'holders')).sort();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lk-records-'));
  records = holderRecords({ holders: join(folder, 'holders'), former: join(folder, 'former') });
  await records.load();
  await records.loadFormer();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const holder = (key: string) => ({
  key,
  containerId: `id-${key}`,
  image: 'docker:cli',
  imageId: 'sha256:1',
  entry: 'docker:cli',
  targets: ['/var/run/docker.sock'],
});
const A = 'a'.repeat(16);
const B = 'b'.repeat(16);

test('what was saved is loaded, with the engine that has it and the time of its delivery', async () => {
  const since = '2026-01-02T03:04:05.678Z';
  await records.save({ holder: holder(A), engine: 'ONE', since });
  await records.save({ holder: holder(B) });
  const { records: loaded, ...rest } = await records.load();
  expect(loaded).toEqual(expect.arrayContaining([{ holder: holder(A), engine: 'ONE', since }, { holder: holder(B) }]));
  expect(rest).toEqual({ keptAside: [], unreadable: [], undelivered: new Map(), cutOff: new Map() });
});

test('a create that was not answered is known until it is, or until nothing came of it', async () => {
  await records.reserve(A);
  await records.reserve(B);
  await records.save({ holder: holder(A) });
  expect([...(await records.load()).undelivered.keys()].sort()).toEqual([A, B]);
  records.delivered(A);
  records.delivered(A);
  await records.drop(B);
  expect((await records.load()).undelivered.size).toBe(0);
  expect(stored()).toEqual([`${A}.json`]);
});

test('it is noticed which records somebody has removed', async () => {
  await records.save({ holder: holder(A) });
  await records.save({ holder: holder(B) });
  await records.cutOff(B, '2026-01-02T03:04:05.678Z');
  expect(await records.missing([A, B], [B])).toEqual([]);
  rmSync(inHolders(`${A}.json`));
  expect(await records.missing([A, B], [B])).toEqual([A]);
  rmSync(inHolders(`${B}.cut-off`));
  expect(await records.missing([B], [B])).toEqual([B]);
});

test('a damaged record, and one under another key, are put aside and stay aside', async () => {
  await records.save({ holder: holder(A) });
  writeFileSync(inHolders(`${B}.json`), readFileSync(inHolders(`${A}.json`)));
  writeFileSync(inHolders(`${A}.json`), '{"version":1');
  const aside = [`${A}.json.unreadable`, `${B}.json.unreadable`];
  for (const round of ['first', 'second']) {
    const loaded = await records.load();
    expect([...loaded.keptAside].sort(), round).toEqual(aside.map(inHolders));
    expect([...loaded.unreadable].sort(), round).toEqual([A, B]);
    expect(loaded.records, round).toEqual([]);
  }
  expect(stored()).toEqual(aside);
});

test('what a crash left half written goes, whatever it is', async () => {
  writeFileSync(inHolders(`${A}.json.new`), '{');
  mkdirSync(inHolders(`${B}.json.new/x`), { recursive: true });
  await records.load();
  expect(stored()).toEqual([]);
});

test('a container that is gone is remembered across restarts, the oldest not for ever', async () => {
  await records.save({ holder: holder(A) });
  await records.retire(A);
  await records.retire(A);
  expect(stored()).toEqual([]);
  expect(await records.loadFormer()).toEqual([holder(A)]);
  const text = readFileSync(join(folder, 'former', `${A}.json`), 'utf8');
  for (let index = 0; index < MOST_FORMER + 5; index += 1) {
    const key = index.toString(16).padStart(16, '0');
    writeFileSync(join(folder, 'former', `${key}.json`), text.replaceAll(A, key));
    utimesSync(join(folder, 'former', `${key}.json`), 1, 1);
  }
  expect(await records.loadFormer()).toHaveLength(MOST_FORMER);
  expect(readdirSync(join(folder, 'former'))).toHaveLength(MOST_FORMER);
});

test('a container stays cut off until it is given back, and no longer than its record', async () => {
  const since = '2026-01-02T03:04:05.678Z';
  for (const key of [A, B]) await records.save({ holder: holder(key) });
  await records.cutOff(A, since);
  await records.cutOff(B, since);
  expect((await records.load()).cutOff).toEqual(
    new Map([
      [A, since],
      [B, since],
    ]),
  );
  await records.giveBack(A);
  await records.retire(B);
  expect((await records.load()).cutOff.size).toBe(0);
  expect(stored()).toEqual([`${A}.json`]);
});

test('a mark that says no time still cuts off, and one without a record is removed', async () => {
  await records.save({ holder: holder(A) });
  writeFileSync(inHolders(`${A}.cut-off`), '');
  writeFileSync(inHolders(`${B}.cut-off`), '');
  utimesSync(inHolders(`${A}.cut-off`), 1, 1);
  const expected = new Map([[A, '1970-01-01T00:00:01.000Z']]);
  expect((await records.load()).cutOff).toEqual(expected);
  expect(await readCutOffs(join(folder, 'holders'))).toEqual(expected);
  expect(stored()).toEqual([`${A}.cut-off`, `${A}.json`]);
});

test('the former ones on disk do not outgrow those in memory while it runs', async () => {
  const former = formerTargets(records);
  const keyOf = (index: number) => index.toString(16).padStart(16, '0');
  for (let index = 0; index < MOST_FORMER + 3; index += 1) {
    mkdirSync(join(folder, 'former'), { recursive: true });
    writeFileSync(join(folder, 'former', `${keyOf(index)}.json`), '');
    former.remember(holder(keyOf(index)));
  }
  await former.tidy();
  expect(readdirSync(join(folder, 'former'))).toHaveLength(MOST_FORMER);
  expect([former.of(keyOf(2)), former.of(keyOf(3))]).toEqual([undefined, holder(A).targets]);
});
