import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventLine } from '../../../../../main/cli/events/event-line.ts';
import { printable } from '../../../../../main/cli/output.ts';
import type { EventBody, JournalEvent } from '../../../../../shared/journal/event.ts';

const at = new Date(2026, 10, 23, 14, 3, 2);

function line(body: EventBody, now = at): string {
  return eventLine({ ...body, schema: 1, sequence: 1, time: at.toISOString() } as JournalEvent, now);
}

const refused = {
  type: 'decision',
  outcome: 'refused',
  caller: { listener: 'container-socket', containerId: 'ab'.repeat(32), image: 'localstack/localstack:4.2' },
  method: 'POST',
  path: '/v1.43/images/myimage/push?tag=latest',
  operation: 'ImagePush',
  command: 'image push',
  reason: 'command-denied',
  rule: 'deny "push"',
  file: '/etc/lockkeeper/admin-settings.json',
} as const;

describe('eventLine', () => {
  it('says when, what became of which command, why, and who asked', () => {
    expect(line(refused)).toBe(
      '14:03:02  blocked  docker image push  denied by the command list: deny "push", /etc/lockkeeper/admin-settings.json  (container abababababab localstack/localstack:4.2)',
    );
  });

  it('names the image that was asked for, and the request where no command is known', () => {
    const { command: _, rule: __, file: ___, ...rest } = refused;
    expect(line({ ...rest, caller: { listener: 'host-gate' }, image: 'docker:cli', reason: 'not-listed' })).toBe(
      '14:03:02  blocked  POST /v1.43/images/myimage/push?tag=latest  docker:cli  not in the image list  (host)',
    );
  });

  it('has words for every reason', () => {
    expect(line({ ...refused, reason: 'volumes-from' })).toContain('volumes from: deny "push"');
  });

  it('gives the date of other days', () => {
    expect(line(refused, new Date(2026, 10, 24))).toMatch(/^2026-11-23 14:03:02 {2}blocked/);
  });

  it.each([
    [
      {
        type: 'socket',
        change: 'delivered',
        key: 'k',
        containerId: 'c1',
        image: 'docker:cli',
        entry: 'docker:*',
        targets: ['/var/run/docker.sock'],
      },
      '14:03:02  socket   delivered to container c1  docker:cli  image list entry "docker:*"  /var/run/docker.sock',
    ],
    [
      { type: 'policy', change: 'kept-last-good', generation: 2, problems: ['/etc/a:1:2: bad'], warnings: [] },
      '14:03:02  policy   unusable, the last good one stays  generation 2  /etc/a:1:2: bad',
    ],
    [{ type: 'lifecycle', what: 'alarm', detail: 'raw' }, '14:03:02  ALARM    alarm  raw'],
    [{ type: 'lifecycle', what: 'engine-unreachable', detail: 'x' }, '14:03:02  notice   engine unreachable  x'],
  ] as const)('has a line for %j', (body, expected) => {
    expect(line(body as unknown as EventBody)).toBe(expected);
  });

  it('is one line that moves no cursor, whatever a container chose', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(line({ ...refused, image: text, path: text, command: text })).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }),
    );
  });
});

describe('printable', () => {
  it('shows what it takes out', () => {
    expect(printable('a\u001b[31m\nb\u202e')).toBe('a\\u{1b}[31m\\u{a}b\\u{202e}');
    expect(printable('ключ 镜像 ü')).toBe('ключ 镜像 ü');
  });
});
