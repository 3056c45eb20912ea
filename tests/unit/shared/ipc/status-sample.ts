import { type Status, statusSchema } from '../../../../shared/ipc/status.ts';

const none = { passed: 0, refused: 0, granted: 0, observed: 0 };
/** A Lockkeeper that is well and enforces. */
export const statusSample: Status = statusSchema.parse({
  version: '0.1.0',
  pid: 42,
  startedAt: '2026-11-23T20:00:00.000Z',
  uptimeSeconds: 93_780,
  enforcement: 'enforcing',
  exceptions: 3,
  engine: {
    endpoint: 'unix:///var/run/docker.sock',
    reachable: true,
    since: '2026-11-23T20:00:01.000Z',
    version: '28.5',
    detail: 'containerd store',
  },
  state: '/var/lib/lockkeeper',
  hostGate: '/run/lockkeeper/docker.sock',
  standingSockets: ['/run/ci.sock'],
  listeners: [
    {
      kind: 'host-gate',
      path: '/run/lockkeeper/docker.sock',
      requests: { passed: 10, refused: 2, granted: 1, observed: 0 },
    },
    { kind: 'standing-socket', path: '/run/ci.sock', requests: none },
  ],
  connections: { open: 3, gaveWay: 0, turnedAway: 0 },
  containerSockets: 1,
  holders: [
    {
      containerId: 'ab'.repeat(32),
      image: 'docker:cli',
      entry: 'docker:*',
      targets: ['/var/run/docker.sock'],
      requests: { passed: 5, refused: 4, granted: 0, observed: 0 },
    },
  ],
  rawHolders: { running: 0, stopped: 0 },
  policy: {
    generation: 1,
    state: 'in-force',
    files: ['/etc/lockkeeper/admin-settings.json'],
    problems: [],
    warnings: ['careful'],
    lockedBy: '/etc/lockkeeper/admin-settings.json',
  },
  journal: { file: '/var/lib/lockkeeper/journal.jsonl' },
  counters: {
    since: '2026-11-23T20:00:00.000Z',
    events: 30,
    passed: 0,
    refused: 12,
    observed: 0,
    granted: 0,
    refusedToday: 12,
    refusedBy: {},
    lostLines: 0,
  },
  problems: [],
});
