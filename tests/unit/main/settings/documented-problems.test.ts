import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unusableFiles } from './unusable-files.ts';

const docs = readFileSync(new URL('../../../../docs/policy.md', import.meta.url), 'utf8');
const section = docs.slice(docs.indexOf('## When the file cannot be used'), docs.indexOf('## Keys'));
const rows = section.split('\n').flatMap((line) => /^\| .* \| (The file .*|[\w.…]+.*) \|$/.exec(line)?.[1] ?? []);

/** The message without what differs from file to file, as the table has it. */
const inTable = (says: string) =>
  says.replace(/^FILE(:\d+:\d+)?: /, '').replace('enhancedContainerIsolation.dockerSocketMount.', '…');

describe('the table of problems in docs/policy.md', () => {
  it('is found', () => {
    expect(rows.length).toBeGreaterThan(25);
  });

  /** Kinds whose message has another row's words for another thing. */
  const elsewhere = [
    'a folder',
    'a device',
    'a socket',
    'a folder of another owner',
    'links in a circle',
    'a file in place of its folder',
  ];
  it.each(unusableFiles.filter(({ what }) => !elsewhere.includes(what)))('has the words for $what', ({ says }) => {
    expect(rows).toContain(inTable(says));
  });
});
