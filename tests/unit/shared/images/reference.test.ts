import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  familiarName,
  formatReference,
  type ImageReference,
  isImageId,
  parseImageReference,
  repositoryName,
  withDefaultTag,
} from '../../../../shared/images/reference.ts';
import { checkReference } from '../../../fuzz/targets/image-name.ts';
import { hexDigits, reference } from './arbitraries.ts';

const sha256 = `sha256:${'0123456789abcdef'.repeat(4)}`;
const sha384 = `sha384:${'0123456789abcdef'.repeat(6)}`;
const sha512 = `sha512:${'0123456789abcdef'.repeat(8)}`;

function parsed(text: string): ImageReference {
  const parse = parseImageReference(text);
  if (!parse.ok) throw new Error(parse.problem);
  return parse.reference;
}

function problemOf(text: string): string {
  const parse = parseImageReference(text);
  if (parse.ok) throw new Error(`${text} was read as ${formatReference(parse.reference)}`);
  return parse.problem;
}

describe('parseImageReference', () => {
  it.each([
    ['docker', 'docker.io/library/docker'],
    ['docker:cli', 'docker.io/library/docker:cli'],
    ['library/docker:cli', 'docker.io/library/docker:cli'],
    ['docker.io/docker:cli', 'docker.io/library/docker:cli'],
    ['docker.io/library/docker:cli', 'docker.io/library/docker:cli'],
    ['index.docker.io/docker:cli', 'docker.io/library/docker:cli'],
    ['registry-1.docker.io/docker:cli', 'docker.io/library/docker:cli'],
    ['registry-1.docker.io/a/b', 'docker.io/a/b'],
    ['testcontainers/ryuk:0.11.0', 'docker.io/testcontainers/ryuk:0.11.0'],
    ['a/b/c/d', 'docker.io/a/b/c/d'],
    ['ghcr.io/foo', 'ghcr.io/foo'],
    ['ghcr.io/foo/bar:1', 'ghcr.io/foo/bar:1'],
    ['localhost/foo', 'localhost/foo'],
    ['localhost:5000/foo:1', 'localhost:5000/foo:1'],
    ['localhost:5000', 'docker.io/library/localhost:5000'],
    ['localhost', 'docker.io/library/localhost'],
    ['localhosts/foo', 'docker.io/localhosts/foo'],
    ['registry:5000/foo', 'registry:5000/foo'],
    ['Registry/foo', 'Registry/foo'],
    ['DOCKER.IO/foo', 'DOCKER.IO/foo'],
    ['127.0.0.1/foo', '127.0.0.1/foo'],
    ['[::1]:5000/foo', '[::1]:5000/foo'],
    ['[2001:DB8::1]/foo/bar:x', '[2001:DB8::1]/foo/bar:x'],
    ['xn--7o8h.com/myimage', 'xn--7o8h.com/myimage'],
    ['a-a/a-a', 'docker.io/a-a/a-a'],
    ['foo_bar/b__c/d--e/f.g', 'docker.io/foo_bar/b__c/d--e/f.g'],
    ['foo.bar/baz', 'foo.bar/baz'],
    ['docker.io/foo.bar/baz', 'docker.io/foo.bar/baz'],
    [`docker@${sha256}`, `docker.io/library/docker@${sha256}`],
    [`docker:cli@${sha256}`, `docker.io/library/docker:cli@${sha256}`],
    [`docker@${sha384}`, `docker.io/library/docker@${sha384}`],
    [`localhost:5000/x/y@${sha512}`, `localhost:5000/x/y@${sha512}`],
    ['docker:UPPER_case.1-x', 'docker.io/library/docker:UPPER_case.1-x'],
    ['docker:_', 'docker.io/library/docker:_'],
    ['deadbeefcafe', 'docker.io/library/deadbeefcafe'],
    ['sha256', 'docker.io/library/sha256'],
    ['sha256:latest', 'docker.io/library/sha256:latest'],
    [`${'a'.repeat(64)}:tag`, `docker.io/library/${'a'.repeat(64)}:tag`],
    [`ghcr.io/${'a'.repeat(255)}`, `ghcr.io/${'a'.repeat(255)}`],
    ['a'.repeat(247), `docker.io/library/${'a'.repeat(247)}`],
    [`docker:${'t'.repeat(128)}`, `docker.io/library/docker:${'t'.repeat(128)}`],
  ])('reads %s as %s', (text, canonical) => {
    expect(formatReference(parsed(text))).toBe(canonical);
  });

  it('takes a reference apart', () => {
    expect(parsed(`index.docker.io/docker:cli@${sha256}`)).toEqual({
      registry: 'docker.io',
      path: 'library/docker',
      tag: 'cli',
      digest: sha256,
    });
    expect(parsed('[::1]:5000/a/b')).toEqual({
      registry: '[::1]:5000',
      path: 'a/b',
      tag: undefined,
      digest: undefined,
    });
  });

  it.each([
    ['', 'is empty'],
    ['docker cli', 'contains a space'],
    [' docker', 'contains a space'],
    ['docker\n', 'contains a space or a control character'],
    ['docker\u202e', 'control character'],
    ['docker\ud800', 'control character'],
    ['docker\u0000', 'control character'],
    ['https://ghcr.io/foo', 'write "ghcr.io/foo"'],
    ['docker://docker:cli', 'write "docker:cli"'],
    ['docker:', 'colon without a tag'],
    ['localhost:5000/foo:', 'colon without a tag'],
    [`docker:@${sha256}`, 'colon without a tag'],
    ['docker:.x', 'has the tag ".x"'],
    ['docker:-x', 'has the tag "-x"'],
    ['docker:a:b', 'has the tag "a:b"'],
    ['docker:*', 'has the tag "*"'],
    ['foo/bar:5000/x', 'has the tag "5000/x"'],
    ['docker:ta\u00e9', 'has the tag'],
    [`docker:${'t'.repeat(129)}`, 'more than 128'],
    ['Docker', 'write "library/docker"'],
    ['docker.io/Foo/bar', 'write "foo/bar"'],
    ['foo/Bar:x', 'write "foo/bar"'],
    ['ghcr.io/Foo', 'write "foo"'],
    [`docker@SHA256:${'a'.repeat(64)}`, 'has the digest'],
    ['docker@', '@ without a digest'],
    ['docker@sha256', 'has the digest "sha256"'],
    [`docker@:${'a'.repeat(64)}`, 'write it as sha256:'],
    [`docker@${'a'.repeat(64)}`, 'write it as sha256:'],
    [`docker@sha256:${'a'.repeat(63)}`, 'here are 63'],
    [`docker@sha256:${'a'.repeat(65)}`, 'here are 65'],
    [`docker@sha256:${'A'.repeat(64)}`, '64 lower-case hexadecimal digits'],
    [`docker@sha256:${'g'.repeat(64)}`, '64 lower-case hexadecimal digits'],
    [`docker@sha512:${'a'.repeat(64)}`, 'exactly 128'],
    [`docker@md5:${'a'.repeat(32)}`, 'write it as sha256:'],
    [`docker@${sha256}@${sha256}`, 'has the digest'],
    [`docker@${sha256}:cli`, 'has the digest'],
    ['a'.repeat(64), 'is an image ID'],
    [sha256, 'is an image ID'],
    [sha384, 'is an image ID'],
    [sha512, 'is an image ID'],
    ['sha256:deadbeef', 'is an image ID'],
    [':cli', 'names no repository'],
    [`@${sha256}`, 'names no repository'],
    ['docker.io/', 'names no repository'],
    ['ghcr.io/', 'names no repository'],
    ['ghcr.io/:x', 'names no repository'],
    ['/docker', 'empty path component'],
    ['foo//bar', 'empty path component'],
    ['foo/', 'empty path component'],
    ['foo/../bar', 'has the path component ".."'],
    ['foo..bar', 'has the path component "foo..bar"'],
    ['foo___bar', 'has the path component'],
    ['foo/_bar', 'has the path component "_bar"'],
    ['foo/bar-', 'has the path component "bar-"'],
    ['-foo', 'has the path component "-foo"'],
    ['foo/bar*', 'has the path component "bar*"'],
    ['foo\\bar', 'has the path component'],
    ['foo%2Fbar', 'has upper case'],
    ['f\u00f6o', 'has the path component'],
    ['foo_bar.com/x', 'names the registry "foo_bar.com"'],
    ['-foo.com/x', 'names the registry'],
    ['foo-.com/x', 'names the registry'],
    ['foo..com/x', 'names the registry'],
    ['.foo/x', 'names the registry'],
    ['../x', 'names the registry'],
    ['foo:/x', 'names the registry'],
    ['foo:port/x', 'names the registry'],
    [':5000/x', 'names the registry'],
    ['[::1/x', 'names the registry'],
    ['[]/x.y/z', 'has the path component "[]"'],
    ['[fe80::1%25eth0]:5000/x', 'names the registry'],
    ['*.docker.io/x', 'wildcard in its registry host'],
    [`ghcr.io/${'a'.repeat(256)}`, 'more than 255'],
    ['a'.repeat(248), 'more than 255'],
    ['a'.repeat(1025), 'longer than 1024'],
  ])('refuses %j: %s', (text, part) => {
    expect(problemOf(text)).toContain(part);
  });

  it('quotes what it refuses on one line and in bounded length', () => {
    const problem = problemOf(`a\n\u001b[31m\u202e${'x'.repeat(4_000_000)}`);
    expect(problem.length).toBeLessThan(500);
    expect(problem).toMatch(/^"a\\u\{a\}\\u\{1b\}\[31m\\u\{202e\}x+…" is longer/);
  });

  it('never throws and answers with a reference or a sentence about the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-zA-Z:.@/*_[\]-]{0,20}$/)), (text) => {
        const parse = parseImageReference(text);
        return parse.ok || /^".* \S+/.test(parse.problem);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('agreement with the grammar of the engine', () => {
  const piece = fc.oneof(
    fc.constantFrom('docker.io', 'index.docker.io', 'localhost', 'ghcr.io:443', '[::1]', 'Foo', 'a', 'library', 'x.y'),
    fc.constantFrom('/', '/', ':', '@', '.', '_', '__', '-', '..', '*', 'A', 'cli', sha256, sha512, '5000'),
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.tuple(reference, fc.nat(), fc.constantFrom('', '/', ':', '@', '_', 'Z', '-', '.')).map(([r, at, extra]) => {
      const whole = formatReference(r);
      const cut = at % (whole.length + 1);
      return whole.slice(0, cut) + extra + whole.slice(cut);
    }),
  );
  it('accepts and normalises the same texts', () => {
    fc.assert(
      fc.property(text, (candidate) => {
        checkReference(candidate);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('formatReference', () => {
  it('reads back as the same reference', () => {
    fc.assert(
      fc.property(reference, (r) => {
        expect(parsed(formatReference(r))).toEqual(r);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('withDefaultTag', () => {
  it.each([
    ['docker', 'docker.io/library/docker:latest'],
    ['docker:cli', 'docker.io/library/docker:cli'],
    [`docker@${sha256}`, `docker.io/library/docker@${sha256}`],
  ])('makes %s %s', (text, canonical) => {
    expect(formatReference(withDefaultTag(parsed(text)))).toBe(canonical);
  });
});

describe('repositoryName', () => {
  it('leaves out tag and digest', () => {
    expect(repositoryName(parsed(`docker:cli@${sha256}`))).toBe('docker.io/library/docker');
  });
});

describe('familiarName', () => {
  it.each([
    ['docker.io/library/docker:cli', 'docker:cli'],
    ['docker.io/library/docker', 'docker'],
    ['index.docker.io/testcontainers/ryuk:1', 'testcontainers/ryuk:1'],
    [`docker.io/library/docker:cli@${sha256}`, `docker:cli@${sha256}`],
    ['ghcr.io/library/x', 'ghcr.io/library/x'],
    ['docker.io/library/a/b', 'library/a/b'],
    ['docker.io/foo.bar/baz', 'docker.io/foo.bar/baz'],
    ['docker.io/localhost/baz', 'docker.io/localhost/baz'],
    ['library/sha256:abc', 'library/sha256:abc'],
    [`library/${'a'.repeat(64)}`, `library/${'a'.repeat(64)}`],
  ])('shortens %s to %s', (text, short) => {
    expect(familiarName(parsed(text))).toBe(short);
  });

  it('reads back as the same reference', () => {
    fc.assert(
      fc.property(reference, (r) => {
        expect(parsed(familiarName(r))).toEqual(r);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('isImageId', () => {
  it('knows full IDs only', () => {
    fc.assert(fc.property(hexDigits(64), (hex) => isImageId(hex) && isImageId(`sha256:${hex}`)));
    for (const text of ['', 'deadbeef', 'a'.repeat(63), 'a'.repeat(65), 'A'.repeat(64), `${'a'.repeat(64)}\n`]) {
      expect(isImageId(text)).toBe(false);
      expect(isImageId(`sha256:${text}`)).toBe(false);
    }
    expect(isImageId(sha512)).toBe(false);
    expect(isImageId(`docker@${sha256}`)).toBe(false);
  });
});
