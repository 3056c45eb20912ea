import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SAME_IMAGE_ROWS } from '../../../system/images/same-image-rows.ts';

const DOCUMENT = new URL('../../../../docs/images.md', import.meta.url);

/** The rows of the first table below a heading. */
function tableBelow(heading: string): readonly string[] {
  const [, section = ''] = readFileSync(DOCUMENT, 'utf8').split(`\n## ${heading}\n`);
  const [table = ''] = /^\|[\s\S]*?(?=\n\n)/m.exec(section) ?? [];
  return table.split('\n').slice(2);
}

test('every documented row of "What counts as the same image" is a test, and every test is documented', () => {
  const rows = SAME_IMAGE_ROWS.map(({ here, entry, createdAs, classic, containerd }) => {
    return `| ${[here, entry, createdAs, classic, containerd].join(' | ')} |`;
  });
  expect(tableBelow('What counts as the same image')).toEqual(rows);
});
