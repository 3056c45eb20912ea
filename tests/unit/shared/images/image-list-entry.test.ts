import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageListEntry, parseImageListEntry } from '../../../../shared/images/image-list-entry.ts';
import { formatReference, parseImageReference, withDefaultTag } from '../../../../shared/images/reference.ts';
import { checkEntry } from '../../../fuzz/targets/image-name.ts';
import { digest, hexDigits, reference } from './arbitraries.ts';

const sha256 = `sha256:${'0123456789abcdef'.repeat(4)}`;

function parsed(text: string): { readonly entry: ImageListEntry; readonly warnings: readonly string[] } {
  const parse = parseImageListEntry(text);
  if (!parse.ok) throw new Error(parse.problem);
  return parse;
}

describe('the entries of the documented examples', () => {
  it.each([
    ['docker.io/localstack/localstack:*', 'anyTag', 'docker.io/localstack/localstack:*'],
    ['docker.io/testcontainers/ryuk:*', 'anyTag', 'docker.io/testcontainers/ryuk:*'],
    ['docker:cli', 'tag', 'docker.io/library/docker:cli'],
    ['docker:dind', 'tag', 'docker.io/library/docker:dind'],
    ['alpine:latest', 'tag', 'docker.io/library/alpine:latest'],
    ['paketobuildpacks/builder:base', 'tag', 'docker.io/paketobuildpacks/builder:base'],
    ['testcontainers/*:*', 'glob', 'docker.io/testcontainers/*:*'],
    ['your-registry.com/ci-tools/*:*', 'glob', 'your-registry.com/ci-tools/*:*'],
  ])('%s is read without a warning', (text, kind, normalised) => {
    const { entry, warnings } = parsed(text);
    expect(entry).toMatchObject({ kind, text, normalised });
    expect(warnings).toEqual([]);
  });

  it('* is everything, with a warning', () => {
    const { entry, warnings } = parsed('*');
    expect(entry).toEqual({ kind: 'everything', text: '*', normalised: '*' });
    expect(warnings).toEqual([expect.stringContaining('every container')]);
  });
});

describe('the forms of an entry', () => {
  const hub = { registry: 'docker.io', path: 'library/docker' };
  it.each<[string, Partial<ImageListEntry> & Record<string, unknown>]>([
    ['docker', { kind: 'tag', ...hub, tag: 'latest', normalised: 'docker.io/library/docker:latest' }],
    ['index.docker.io/docker', { kind: 'tag', ...hub, tag: 'latest', normalised: 'docker.io/library/docker:latest' }],
    ['docker:*', { kind: 'anyTag', ...hub, normalised: 'docker.io/library/docker:*' }],
    [
      `docker@${sha256}`,
      { kind: 'pinned', ...hub, tag: undefined, digest: sha256, normalised: `docker.io/library/docker@${sha256}` },
    ],
    [
      `docker:cli@${sha256}`,
      { kind: 'pinned', ...hub, tag: 'cli', digest: sha256, normalised: `docker.io/library/docker@${sha256}` },
    ],
    ['[::1]:5000/x:*', { kind: 'anyTag', registry: '[::1]:5000', path: 'x', normalised: '[::1]:5000/x:*' }],
    [
      'a/ci-*:1',
      { kind: 'glob', registry: 'docker.io', pattern: 'a/ci-*', tag: '1', normalised: 'docker.io/a/ci-*:1' },
    ],
    [
      'reg.io/a/**/b:*',
      { kind: 'glob', registry: 'reg.io', pattern: 'a/**/b', tag: undefined, normalised: 'reg.io/a/**/b:*' },
    ],
  ])('%s', (text, expected) => {
    expect(parsed(text).entry).toEqual({ text, ...expected });
  });

  it.each([
    ['foo*', 'docker.io/library/foo*:latest'],
    ['docker.io/foo*', 'docker.io/library/foo*:latest'],
    ['*foo:1', 'docker.io/library/*foo:1'],
    ['*:*', 'docker.io/library/*:*'],
    ['docker.io/*', 'docker.io/library/*:latest'],
    ['library/*:*', 'docker.io/library/*:*'],
    ['*/foo', 'docker.io/*/foo:latest'],
    ['*/*:*', 'docker.io/*/*:*'],
    ['**', 'docker.io/**:latest'],
    ['**:*', 'docker.io/**:*'],
    ['docker.io/**', 'docker.io/**:latest'],
    ['registry-1.docker.io/**:*', 'docker.io/**:*'],
    ['**/foo', 'docker.io/**/foo:latest'],
    ['local*/foo', 'docker.io/local*/foo:latest'],
    ['ghcr.io/*:*', 'ghcr.io/*:*'],
    ['ghcr.io/**', 'ghcr.io/**:latest'],
    ['localhost:5000/*', 'localhost:5000/*:latest'],
    ['*.foo', 'docker.io/library/*.foo:latest'],
    ['a/b_*_c:*', 'docker.io/a/b_*_c:*'],
    ['a/*b*:*', 'docker.io/a/*b*:*'],
  ])('the pattern %s is %s', (text, normalised) => {
    expect(parsed(text).entry).toMatchObject({ kind: 'glob', text, normalised });
  });
});

describe('what is refused', () => {
  it.each([
    ['', 'is empty'],
    ['docker:', 'colon without a tag'],
    ['docker ', 'contains a space'],
    ['Docker:cli', 'write "library/docker"'],
    ['Testcontainers/ryuk:*', 'write "testcontainers"'],
    ['Testcontainers/*:*', 'write "testcontainers"'],
    ['testcontainers/Ryuk*', 'write "testcontainers/ryuk*"'],
    ['a'.repeat(64), 'lockkeeper.localImages'],
    [sha256, 'lockkeeper.localImages'],
    ['sha256:deadbeef', 'is an image ID'],
    ['https://docker.io/docker', 'no scheme'],
    ['docker:1.*', 'has the tag pattern "1.*"'],
    ['docker:**', 'has the tag pattern "**"'],
    ['testcontainers/*:1*', 'has the tag pattern "1*"'],
    ['testcontainers/*:', 'colon without a tag'],
    ['testcontainers/*:.x', 'has the tag ".x"'],
    [`docker:*@${sha256}`, 'any tag and for one digest'],
    [`testcontainers/*@${sha256}`, 'wildcard and a digest'],
    [`testcontainers/*:1@${sha256}`, 'wildcard and a digest'],
    [`docker@${sha256.toUpperCase()}`, 'has the digest'],
    ['docker@sha256:*', 'exactly 64'],
    ['docker@', '@ without a digest'],
    ['*.example.com/foo', 'wildcard in its registry host'],
    ['reg*.io/foo', 'wildcard in its registry host'],
    ['reg.io:*/foo', 'wildcard in its registry host'],
    ['**.io/foo', 'wildcard in its registry host'],
    ['*:5000/foo', 'wildcard in its registry host'],
    ['[::*]/foo', 'wildcard in its registry host'],
    ['foo**', 'has ** within the path component "foo**"'],
    ['a/**b:*', 'has ** within the path component "**b"'],
    ['a/***', 'has ** within'],
    ['a/_*', 'has the path component "_*"'],
    ['a/*-', 'has the path component "*-"'],
    ['a/b..*', 'has the path component "b..*"'],
    ['a/b?*', 'has the path component "b?*"'],
    ['a/{b,c}/*', 'has the path component "{b,c}"'],
    ['a/[bc]*', 'has the path component "[bc]*"'],
    ['container\\*', 'has the path component'],
    ['a//*', 'empty path component'],
    ['*/', 'empty path component'],
    [`a/${'b*'.repeat(127)}`, 'more than 255'],
  ])('%j: %s', (text, part) => {
    const parse = parseImageListEntry(text);
    expect(parse).toEqual({ ok: false, problem: expect.stringContaining(part) });
  });
});

describe('warnings', () => {
  it.each([
    ['GHCR.io/foo', 'exactly this spelling'],
    ['deadbeefcafe', 'abbreviated image ID'],
    ['*:*', 'the official images'],
    ['docker.io/*', 'the official images'],
    ['**:*', 'all of Docker Hub but no other registry'],
    ['docker.io/**', 'anyone can open one on docker.io'],
    ['*/ryuk', 'anyone can open one on docker.io'],
    ['test*/ryuk', 'anyone can open one on docker.io'],
    ['ghcr.io/*/ryuk', 'anyone can open one on ghcr.io'],
  ])('%s: %s', (text, part) => {
    expect(parsed(text).warnings).toEqual(expect.arrayContaining([expect.stringContaining(part)]));
  });

  it.each(['library/*:*', 'foo*', 'reg.example.com/**:*', 'localhost/*', 'ghcr.io/org/**', 'deadbeef', 'docker'])(
    '%s has none',
    (text) => {
      expect(parsed(text).warnings).toEqual([]);
    },
  );
});

describe('properties', () => {
  const inputs = fc.oneof(
    fc.string(),
    reference.map(formatReference),
    fc
      .array(fc.constantFrom('*', '**', '/', ':', '@', 'a', 'b-', '.', 'docker.io', 'Foo', 'localhost', sha256), {
        maxLength: 7,
      })
      .map((parts) => parts.join('')),
    fc
      .tuple(fc.stringMatching(/^([a-z*]{1,3}\/){0,3}[a-z*]{1,3}$/), fc.constantFrom('', ':*', ':x'))
      .map(([a, b]) => a + b),
    digest,
    hexDigits(64),
  );

  it('never throws, and the normalised form is its own', () => {
    fc.assert(
      fc.property(inputs, (text) => {
        checkEntry(text);
      }),
      { numRuns: 3000 },
    );
  });

  it('reads a plain entry as Docker reads that image', () => {
    fc.assert(
      fc.property(reference, (r) => {
        const text = formatReference(r);
        const parse = parseImageListEntry(text);
        if (r.registry === 'Registry') {
          expect(parse.ok).toBe(false);
          return;
        }
        const { entry } = parsed(text);
        const image = parseImageReference(entry.normalised);
        expect(image).toEqual({
          ok: true,
          reference: r.digest === undefined ? withDefaultTag(r) : { ...r, tag: undefined },
        });
      }),
      { numRuns: 1000 },
    );
  });
});
