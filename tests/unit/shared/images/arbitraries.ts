import fc from 'fast-check';
import type { ImageReference } from '../../../../shared/images/reference.ts';

/** `length` lower-case hexadecimal digits. */
export function hexDigits(length: number): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''));
}

export const pathComponent: fc.Arbitrary<string> = fc.stringMatching(
  /^[a-z0-9]{1,4}((\.|_|__|-{1,3})[a-z0-9]{1,3}){0,2}$/,
);

export const registry: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('docker.io', 'localhost', 'localhost:5000', 'ghcr.io', '[::1]:5000', '[2001:db8::1]', 'Registry'),
  fc.stringMatching(/^[a-zA-Z0-9]{1,4}(-[a-z0-9]{1,3})?\.[a-z]{2,4}(:[0-9]{1,5})?$/),
);

export const digest: fc.Arbitrary<string> = fc.oneof(
  hexDigits(64).map((hex) => `sha256:${hex}`),
  hexDigits(96).map((hex) => `sha384:${hex}`),
  hexDigits(128).map((hex) => `sha512:${hex}`),
);

export const tag: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('latest', 'cli', '27.5.1-cli', '_x', 'A'.repeat(128)),
  fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
);

/** Names that read as something else when they are shortened carelessly. */
const treacherousPath = fc.oneof(
  hexDigits(64).map((hex) => `library/${hex}`),
  fc.constantFrom('library/sha256', 'foo.bar/x', 'localhost/x', 'library/library/x', 'library/localhost/x'),
);

/** Normalised references: on Docker Hub each path has a namespace. */
export const reference: fc.Arbitrary<ImageReference> = fc
  .record({
    registry,
    path: fc.oneof(
      { weight: 4, arbitrary: fc.array(pathComponent, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')) },
      { weight: 1, arbitrary: treacherousPath },
    ),
    tag: fc.option(fc.oneof(tag, hexDigits(12)), { nil: undefined }),
    digest: fc.option(digest, { nil: undefined }),
  })
  .map((parts) =>
    parts.registry === 'docker.io' && !parts.path.includes('/') ? { ...parts, path: `library/${parts.path}` } : parts,
  );
