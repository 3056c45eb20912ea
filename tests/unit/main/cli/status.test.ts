import { describe, expect, it } from 'vitest';
import { statusText } from '../../../../main/cli/status.ts';
import { type Status, statusSchema } from '../../../../shared/ipc/status.ts';

const status: Status = statusSchema.parse({
  version: '0.1.0',
  pid: 42,
  startedAt: '2026-11-23T20:00:00.000Z',
  enforcement: 'enforcing',
  exceptions: 3,
  engine: { endpoint: 'unix:///var/run/docker.sock', reachable: true, version: '28.5', detail: 'containerd store' },
  state: '/var/lib/lockkeeper',
  hostGate: '/run/lockkeeper/docker.sock',
  standingSockets: ['/run/ci.sock'],
  containerSockets: 2,
  policy: { generation: 1, lockedBy: '/etc/lockkeeper/admin-settings.json' },
  counters: {
    since: '2026-11-23T20:00:00.000Z',
    events: 1,
    passed: 0,
    refused: 12,
    granted: 0,
    refusedToday: 12,
    refusedBy: {},
    lostLines: 0,
  },
  problems: [],
});

describe('statusText', () => {
  it('says first what matters', () => {
    expect(statusText(status)).toBe(
      `Enforcing · 3 exceptions · 12 blocked today · engine 28.5 (containerd store) · policy locked by /etc/lockkeeper/admin-settings.json

engine             unix:///var/run/docker.sock
host gate          /run/lockkeeper/docker.sock
standing socket    /run/ci.sock
container sockets  2
state folder       /var/lib/lockkeeper
running since      2026-11-23T20:00:00.000Z (process 42, version 0.1.0)`,
    );
  });

  it('says what is wrong, with the remedy, before where things are', () => {
    const text = statusText({
      ...status,
      enforcement: 'not-enforced',
      exceptions: 1,
      engine: { endpoint: 'unix:///x', reachable: false, detail: 'connection refused' },
      problems: [{ text: 'bad file', remedy: 'lockkeeper validate /etc/a' }],
    });
    expect(text.split('\n').slice(0, 3)).toEqual([
      'Not enforced: the feature is switched off, everything passes · 1 exception · 12 blocked today · engine unreachable (connection refused) · policy locked by /etc/lockkeeper/admin-settings.json',
      '! bad file',
      '  -> lockkeeper validate /etc/a',
    ]);
  });
});
