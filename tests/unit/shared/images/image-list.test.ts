import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileImageList, type ImageList } from '../../../../shared/images/image-list.ts';
import { type ImageListEntry, parseImageListEntry } from '../../../../shared/images/image-list-entry.ts';
import { compilePathGlob, matchesPathGlob } from '../../../../shared/images/path-glob.ts';
import { type ImageReference, parseImageReference } from '../../../../shared/images/reference.ts';

const one = `sha256:${'1'.repeat(64)}`;
const two = `sha256:${'2'.repeat(64)}`;

function entry(text: string): ImageListEntry {
  const parse = parseImageListEntry(text);
  if (!parse.ok) throw new Error(parse.problem);
  return parse.entry;
}

function image(text: string): ImageReference {
  const parse = parseImageReference(text);
  if (!parse.ok) throw new Error(parse.problem);
  return parse.reference;
}

function listOf(...texts: readonly string[]): ImageList {
  return compileImageList(texts.map(entry));
}

function texts(entries: readonly ImageListEntry[]): readonly string[] {
  return entries.map(({ text }) => text);
}

const everyForm = listOf(
  'docker:cli',
  '*',
  'docker:*',
  `docker@${one}`,
  'dock*:dind',
  'docker',
  'docker:cli',
  'library/**:*',
  'ghcr.io/docker/*:*',
  `docker:dind@${two}`,
  'testcontainers/*:*',
);

describe('entriesFor', () => {
  it.each([
    ['docker:cli', ['docker:cli', 'docker:*', `docker@${one}`, 'docker:cli', 'library/**:*', `docker:dind@${two}`]],
    ['docker:dind', ['docker:*', `docker@${one}`, 'dock*:dind', 'library/**:*', `docker:dind@${two}`]],
    ['docker', ['docker:*', `docker@${one}`, 'docker', 'library/**:*', `docker:dind@${two}`]],
    ['index.docker.io/docker:latest', ['docker:*', `docker@${one}`, 'docker', 'library/**:*', `docker:dind@${two}`]],
    ['alpine:cli', ['library/**:*']],
    ['ghcr.io/docker/docker', ['ghcr.io/docker/*:*']],
    ['ghcr.io/library/docker:cli', []],
    ['localhost/docker:cli', []],
    ['library/docker/x:cli', ['library/**:*']],
    ['testcontainers/ryuk:0.11.0', ['testcontainers/*:*']],
    ['evil/ryuk:0.11.0', []],
    ['ghcr.io/testcontainers/ryuk', []],
  ])('%s', (text, expected) => {
    expect(texts(everyForm.entriesFor(image(text)))).toEqual(expected);
  });

  const ofDocker = [
    'docker:cli',
    'docker:*',
    `docker@${one}`,
    'dock*:dind',
    'docker',
    'docker:cli',
    'library/**:*',
    `docker:dind@${two}`,
  ];
  it.each([`docker@${one}`, `docker@${two}`, `docker:cli@${one}`, `docker:other@${one}`])(
    'a digest makes every entry of the repository a candidate: %s',
    (text) => {
      expect(texts(everyForm.entriesFor(image(text)))).toEqual(ofDocker);
    },
  );

  it('is the same for the repository without a tag', () => {
    expect(texts(everyForm.entriesForRepository('docker.io', 'library/docker'))).toEqual(ofDocker);
    expect(everyForm.entriesForRepository('docker.io', 'docker')).toEqual([]);
    expect(everyForm.entriesForRepository('ghcr.io', 'library/docker')).toEqual([]);
  });
});

describe('the list as a whole', () => {
  it('knows its entries', () => {
    expect(everyForm.entries).toHaveLength(11);
    expect(everyForm.everything?.text).toBe('*');
    expect(everyForm.isEmpty).toBe(false);
  });

  it('can be empty', () => {
    const list = listOf();
    expect(list.isEmpty).toBe(true);
    expect(list.everything).toBeUndefined();
    expect(list.entriesFor(image('docker:cli'))).toEqual([]);
    expect(list.entriesForRepository('docker.io', 'library/docker')).toEqual([]);
  });

  it('is not empty with * alone, which is no candidate', () => {
    const list = listOf('*');
    expect(list.isEmpty).toBe(false);
    expect(list.everything).toBeDefined();
    expect(list.entriesFor(image('docker:cli'))).toEqual([]);
  });

  it('holds names that objects have members for', () => {
    const list = listOf('constructor/tostring:hasOwnProperty', 'constructor');
    expect(texts(list.entriesFor(image('constructor/tostring:hasOwnProperty')))).toHaveLength(1);
    expect(list.entriesFor(image('constructor/valueof:toString'))).toEqual([]);
  });
});

/** The rule, entry by entry. */
function scan(entries: readonly ImageListEntry[], wanted: ImageReference): readonly ImageListEntry[] {
  return entries.filter((candidate) => {
    if (candidate.kind === 'everything' || candidate.registry !== wanted.registry) return false;
    const named =
      candidate.kind === 'glob'
        ? matchesPathGlob(compilePathGlob(candidate.pattern), wanted.path)
        : candidate.path === wanted.path;
    if (!named || candidate.kind === 'pinned' || candidate.kind === 'anyTag') return named;
    if (candidate.tag === undefined || wanted.digest !== undefined) return true;
    return candidate.tag === (wanted.tag ?? 'latest');
  });
}

describe('against a scan of the whole list', () => {
  const component = fc.constantFrom('a', 'b', 'ab');
  const host = fc.constantFrom('', 'docker.io/', 'ghcr.io/', 'localhost:5000/');
  const version = fc.constantFrom('', ':latest', ':1', ':2');
  const pinned = fc.constantFrom('', '', `@${one}`, `@${two}`);
  const names = fc.array(component, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const wanted = fc.tuple(host, names, version, pinned).map((parts) => image(parts.join('')));
  const pattern = fc
    .array(fc.constantFrom('a', 'b', '*', 'a*', '*b', '**'), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join('/'));
  const plain = fc.tuple(host, names, fc.oneof(version, fc.constant(':*'))).map((parts) => parts.join(''));
  const entries = fc.array(
    fc.oneof(
      plain,
      fc.tuple(host, names, fc.constantFrom(`@${one}`, `:1@${two}`)).map((parts) => parts.join('')),
      fc.tuple(host, pattern, fc.constantFrom('', ':*', ':1')).map((parts) => parts.join('')),
      fc.constant('*'),
    ),
    { maxLength: 40 },
  );

  it('finds the same entries in the same order', () => {
    fc.assert(
      fc.property(entries, wanted, (list, reference) => {
        const parsedList = list.map(entry);
        const compiled = compileImageList(parsedList);
        expect(compiled.entriesFor(reference)).toEqual(scan(parsedList, reference));
        const anyTag = { ...reference, digest: one };
        expect(compiled.entriesForRepository(reference.registry, reference.path)).toEqual(scan(parsedList, anyTag));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('long lists', () => {
  it('looks at no other entry than those that it returns', () => {
    let reads = 0;
    const watched = (target: ImageListEntry): ImageListEntry =>
      new Proxy(target, {
        get(object, key, receiver) {
          reads++;
          return Reflect.get(object, key, receiver);
        },
      });
    const many = Array.from({ length: 20_000 }, (_, n) =>
      watched(entry(n % 2 === 0 ? `docker:v${n}` : `org${n}/tool:*`)),
    );
    const list = compileImageList([...many, entry('docker:*')]);
    reads = 0;
    expect(list.entriesFor(image('docker:v10'))).toHaveLength(2);
    expect(list.entriesFor(image('docker:none'))).toHaveLength(1);
    expect(list.entriesFor(image('org7/tool:x'))).toHaveLength(1);
    expect(list.entriesFor(image('org8/tool:x'))).toHaveLength(0);
    expect(list.entriesForRepository('docker.io', 'org9/tool')).toHaveLength(1);
    expect(reads).toBeLessThan(20);
  });
});
