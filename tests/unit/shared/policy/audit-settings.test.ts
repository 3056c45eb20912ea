import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../../shared/policy/admin-settings.ts';

function read(audit: object) {
  return readSettings(new TextEncoder().encode(JSON.stringify({ lockkeeper: { audit } })), 'f.json');
}

describe('lockkeeper.audit', () => {
  it.each([
    { path: '/var/log/lockkeeper/journal.jsonl' },
    { path: 'C:\\ProgramData\\Lockkeeper\\journal.jsonl' },
    { path: '/srv/..a/b c/ü.jsonl' },
    { maxMegabytes: 8 },
    { maxMegabytes: 1_000_000, path: '/a.jsonl', passes: true },
  ])('accepts %j', (audit) => {
    expect(read(audit)).toMatchObject({ ok: true, warnings: [] });
  });

  it.each([
    'journal.jsonl',
    '~/journal.jsonl',
    '/etc/passwd',
    '/var/log/',
    '/a/../b.jsonl',
    '/a//b.jsonl',
    '/./b.jsonl',
    '/.jsonl',
    'C:journal.jsonl',
    '/a\nb.jsonl',
    '',
  ])('refuses the path %j', (path) => {
    expect(read({ path })).toMatchObject({
      ok: false,
      problems: [
        {
          text: `lockkeeper.audit.path must be the absolute path of a file whose name ends with .jsonl, such as /var/log/lockkeeper/journal.jsonl, but is the string ${JSON.stringify(path)}.`,
        },
      ],
    });
  });

  it.each([
    [7, 'must be at least 8, but is the number 7.'],
    [1_000_001, 'must be at most 1000000, but is the number 1000001.'],
    [8.5, 'must be a whole number, but is the number 8.5.'],
  ])('refuses %j megabytes', (maxMegabytes, text) => {
    expect(read({ maxMegabytes })).toMatchObject({
      ok: false,
      problems: [{ text: `lockkeeper.audit.maxMegabytes ${text}` }],
    });
  });
});
