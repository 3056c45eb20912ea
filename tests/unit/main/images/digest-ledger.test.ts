import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openLedger } from '../../../../main/images/digest-ledger.ts';
import { posixTrust } from '../../../../main/settings/trust.ts';
import { digestOf } from './fake-engine.ts';
import { temporaryFolder } from './images-under-test.ts';

const NOON = Date.parse('2026-01-01T12:00:00Z');
const timeAt = (later: number) => new Date(NOON + later).toISOString();
const CLI = 'docker.io/library/docker:cli';

async function open(stateFolder: string, engine = 'one') {
  const problems: string[] = [];
  const trust = posixTrust(process.getuid?.() ?? -1);
  const ledger = await openLedger({
    stateFolder,
    trust,
    onProblem: (problem) => problems.push(problem),
    engine: () => engine,
  });
  return { ledger, problems };
}

describe('the ledger', () => {
  test('keeps everything across a restart, in a file of its owner only', async () => {
    const folder = temporaryFolder();
    const { ledger } = await open(folder);
    ledger.setTag(CLI, digestOf('old'), NOON - 1000);
    ledger.setTag(CLI, digestOf('new'), NOON);
    ledger.setTag('r.io/gone:1', digestOf('gone'), NOON);
    ledger.dropTag('r.io/gone:1');
    ledger.addHeld('r.io/app', digestOf('app'));
    ledger.remember(CLI, ['a', 'b'].map(digestOf));
    await ledger.flush();

    expect(readdirSync(folder)).toEqual(['digests.json']);
    expect(statSync(join(folder, 'digests.json')).mode & 0o777).toBe(0o600);
    const { ledger: again, problems } = await open(folder);
    expect(problems).toEqual([]);
    expect(again.tag(CLI)).toMatchObject({ digest: digestOf('new'), confirmedAt: NOON });
    expect(again.tag('r.io/gone:1')).toBeUndefined();
    expect(again.holds('r.io/app', digestOf('app'))).toBe(true);
    expect(again.holds('r.io/app', digestOf('other'))).toBe(false);
    expect(again.holds('r.io/other', digestOf('app'))).toBe(false);
    expect(again.seenBelow(['a', 'b', 'c'].map(digestOf))).toEqual([CLI]);
  });

  test('does not count what another engine was told', async () => {
    const folder = temporaryFolder();
    const { ledger } = await open(folder);
    ledger.setTag(CLI, digestOf('new'), NOON);
    ledger.addHeld('r.io/app', digestOf('app'));
    await ledger.flush();
    const { ledger: other } = await open(folder, 'another');
    expect(other.tag(CLI)).toBeUndefined();
    expect(other.holds('r.io/app', digestOf('app'))).toBe(false);
    other.addHeld('r.io/app', digestOf('app'));
    expect(other.holds('r.io/app', digestOf('app'))).toBe(true);
    await other.flush();
    const { ledger: back } = await open(folder);
    expect(back.tag(CLI)?.digest).toBe(digestOf('new'));
    expect(back.holds('r.io/app', digestOf('app'))).toBe(false);
  });

  test('counts what an engine was told before an upgrade that gave its ID another form', async () => {
    const folder = temporaryFolder();
    const { ledger } = await open(folder, `${'ABCD:'.repeat(11)}EF27`);
    ledger.setTag(CLI, digestOf('new'), NOON);
    await ledger.flush();
    const { ledger: upgraded } = await open(folder, '6c3c5a3e-0000-4000-8000-000000000000');
    expect(upgraded.tag(CLI)?.digest).toBe(digestOf('new'));
  });

  test('knows what was seen below an image, nearest first', async () => {
    const { ledger } = await open(temporaryFolder());
    const layers = ['a', 'b', 'c'].map(digestOf);
    ledger.remember('one', layers.slice(0, 1));
    ledger.remember('two', layers.slice(0, 2));
    ledger.remember('other', [digestOf('x')]);
    ledger.remember('none', []);
    expect(ledger.seenBelow(layers)).toEqual(['two', 'one']);
    expect(ledger.seenBelow(layers.slice(0, 1))).toEqual(['one']);
    expect(ledger.seenBelow([])).toEqual([]);
    await ledger.flush();
  });

  test('forgets the oldest, so that it can always be read back', async () => {
    const folder = temporaryFolder();
    const { ledger } = await open(folder);
    const name = (number: number) => `registry.example.com/${'x'.repeat(300)}/app:${number}`;
    for (let number = 0; number < 5000; number += 1) {
      ledger.setTag(name(number), digestOf(`${number}`), NOON);
      ledger.addHeld(name(number), digestOf(`${number}`));
      ledger.remember(name(number), [digestOf(`${number}`)]);
    }
    await ledger.flush();
    const { ledger: again, problems } = await open(folder);
    expect(problems).toEqual([]);
    expect(again.tag(name(4999))).toBeDefined();
    expect(again.tag(name(0))).toBeUndefined();
    expect(again.holds(name(4999), digestOf('4999'))).toBe(true);
  });

  test.each([
    ['{"version":1,', /is not valid JSON/],
    ['{"version":2,"tags":[],"held":[],"seen":[]}', /does not hold what Lockkeeper writes/],
    [
      '{"version":1,"tags":[{"name":"x","digest":"latest","confirmedAt":"2026-01-01T00:00:00Z","engine":"one"}],"held":[],"seen":[]}',
      /does not hold/,
    ],
    ['', /is not valid JSON/],
  ])('a file with %s is told about and counts as empty', async (text, problem) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'digests.json'), text, { mode: 0o600 });
    const { ledger, problems } = await open(folder);
    expect(problems).toEqual([expect.stringMatching(problem)]);
    ledger.setTag(CLI, digestOf('new'), NOON);
    await ledger.flush();
    expect((await open(folder)).problems).toEqual([]);
  });

  test('a file that others could have written counts as empty', async () => {
    const folder = temporaryFolder();
    const { ledger } = await open(folder);
    ledger.setTag(CLI, digestOf('new'), NOON);
    await ledger.flush();
    chmodSync(join(folder, 'digests.json'), 0o666);
    const { ledger: writable, problems } = await open(folder);
    expect(problems).toEqual([expect.stringContaining('0666')]);
    expect(writable.tag(CLI)).toBeUndefined();

    const linked = temporaryFolder();
    chmodSync(join(folder, 'digests.json'), 0o600);
    symlinkSync(join(folder, 'digests.json'), join(linked, 'digests.json'));
    expect((await open(linked)).problems).toEqual([expect.stringContaining('symbolic link')]);
  });

  test('a disk that takes nothing is told about once, and the digests count in memory', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'state'));
    const { ledger, problems } = await open(join(folder, 'state'));
    mkdirSync(join(folder, 'state', 'digests.json'));
    ledger.setTag(CLI, digestOf('new'), NOON);
    await ledger.flush();
    ledger.setTag(CLI, digestOf('newer'), NOON);
    await ledger.flush();
    expect(problems).toEqual([expect.stringMatching(/digests\.json cannot be written/)]);
    expect(ledger.tag(CLI)?.digest).toBe(digestOf('newer'));
  });

  test('writes what changes during a write', async () => {
    const folder = temporaryFolder();
    const { ledger } = await open(folder);
    for (let number = 0; number < 50; number += 1) ledger.setTag(CLI, digestOf(`${number}`), NOON + number);
    await ledger.flush();
    expect(JSON.parse(readFileSync(join(folder, 'digests.json'), 'utf8')).tags).toEqual([
      {
        name: CLI,
        digest: digestOf('49'),
        confirmedAt: timeAt(49),
        engine: 'one',
        since: timeAt(49),
        previous: [48, 47, 46, 45].map((number) => ({ digest: digestOf(`${number}`), movedAt: timeAt(number + 1) })),
      },
    ]);
  });

  test('remembers since when a tag has what it has, and what it had before, across restarts', async () => {
    const folder = temporaryFolder();
    const { ledger } = await open(folder);
    const [first, second] = [digestOf('first'), digestOf('second')];
    ledger.setTag(CLI, first, NOON);
    ledger.setTag(CLI, first, NOON + 1);
    expect(ledger.tag(CLI)).toMatchObject({ confirmedAt: NOON + 1, since: NOON, previous: [] });
    ledger.setTag(CLI, second, NOON + 2);
    ledger.setTag(CLI, second, NOON + 3);
    const moved = { confirmedAt: NOON + 3, since: NOON + 2, previous: [{ digest: first, movedAt: NOON + 2 }] };
    expect(ledger.tag(CLI)).toMatchObject(moved);
    await ledger.flush();
    expect((await open(folder)).ledger.tag(CLI)).toMatchObject(moved);
    // Moved back, it is what it has now, and not what it had before.
    ledger.setTag(CLI, first, NOON + 4);
    expect(ledger.tag(CLI)).toMatchObject({ since: NOON + 4, previous: [{ digest: second, movedAt: NOON + 4 }] });
    ledger.dropTag(CLI);
    ledger.setTag(CLI, second, NOON + 5);
    expect(ledger.tag(CLI)?.previous).toEqual([]);
  });

  test('reads what an earlier version has written', async () => {
    const folder = temporaryFolder();
    const tags = [{ name: CLI, digest: digestOf('a'), confirmedAt: timeAt(0) }];
    writeFileSync(join(folder, 'digests.json'), JSON.stringify({ version: 1, tags, held: [], seen: [] }), {
      mode: 0o600,
    });
    const { ledger, problems } = await open(folder);
    expect(ledger.tag(CLI)).toMatchObject({ digest: digestOf('a'), since: NOON, previous: [] });
    expect(problems).toEqual([]);
  });
});
