import fc from 'fast-check';
import { compileImageList } from '../../../shared/images/image-list.ts';
import { parseImageListEntry } from '../../../shared/images/image-list-entry.ts';
import { familiarName, formatReference, parseImageReference } from '../../../shared/images/reference.ts';
import { reference } from '../../unit/shared/images/arbitraries.ts';
import { engineReads } from '../readers/docker-reference.ts';
import { holds, same, type Target } from '../target.ts';

/** Names are accepted as Docker does, for the same image, and both their spellings are read back. */
export function checkReference(text: string): void {
  const parsed = parseImageReference(text);
  same('Docker reads another image', parsed.ok ? formatReference(parsed.reference) : undefined, engineReads(text));
  if (!parsed.ok) {
    holds(`no reason is given but ${parsed.problem}`, /^".*" \S+/.test(parsed.problem));
    return;
  }
  for (const spelled of [formatReference(parsed.reference), familiarName(parsed.reference)]) {
    const again = parseImageReference(spelled);
    holds(`the spelling ${spelled} is not read`, again.ok);
    if (again.ok) same(`the spelling ${spelled}`, again.reference, parsed.reference);
  }
}

/** An entry that is accepted is read back from its normalised form, and admits what it names and nothing of other registries. */
export function checkEntry(text: string): void {
  const parsed = parseImageListEntry(text);
  if (!parsed.ok) {
    holds(`no reason is given but ${parsed.problem}`, /^".*" \S+/.test(parsed.problem));
    return;
  }
  const { entry } = parsed;
  const again = parseImageListEntry(entry.normalised);
  holds(`the normalised ${entry.normalised} is not read`, again.ok);
  if (!again.ok) return;
  // The tag beside a digest decides nothing.
  same('the normalised entry', { ...again.entry, text, tag: '' }, { ...entry, tag: '' });
  same('the normal form of the normalised entry', again.entry.normalised, entry.normalised);
  if (entry.kind === 'everything') return;
  const list = compileImageList([entry]);
  same(
    'another registry',
    list.entriesForRepository(`x${entry.registry}`, entry.kind === 'glob' ? 'a' : entry.path),
    [],
  );
  const named = parseImageReference(text);
  if (named.ok) same('the image that it names', list.entriesFor(named.reference), [entry]);
}

function check(input: Uint8Array): void {
  const text = Buffer.from(input).toString();
  checkReference(text);
  checkEntry(text);
}

const sha256 = `sha256:${'0123456789abcdef'.repeat(4)}`;
const piece = fc.constantFrom(
  'docker.io',
  'index.docker.io',
  'localhost',
  'ghcr.io:443',
  '[::1]',
  'Foo',
  'a',
  'library',
  'x.y',
  '/',
  '/',
  ':',
  '@',
  '.',
  '_',
  '__',
  '-',
  '..',
  '*',
  '**',
  'A',
  'cli',
  '5000',
  sha256,
);

export const imageName: Target = {
  name: 'image-name',
  files: ['shared/images/'],
  words: [
    'docker.io/',
    'index.docker.io/',
    'registry-1.docker.io/',
    'localhost/',
    'library/',
    ':5000/',
    '[::1]',
    ':',
    '@',
    '@sha256:',
    sha256,
    'sha512:',
    '*',
    '**',
    '/**/',
    ':*',
    '.',
    '__',
    '_',
    '--',
    'A',
    'https://',
    '\u00e9',
    '\u200b',
    ' ',
    '//',
    'ghcr.io/',
  ],
  inputs: fc
    .oneof(
      reference.map(formatReference),
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    )
    .map((text) => Uint8Array.from(Buffer.from(text))),
  longest: 400,
  mostBlocksPerByte: 600,
  check,
};
