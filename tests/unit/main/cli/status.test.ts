import { describe, expect, it } from 'vitest';
import { statusText } from '../../../../main/cli/status.ts';
import { statusSample as status } from '../../shared/ipc/status-sample.ts';

describe('statusText', () => {
  it('says first what matters', () => {
    expect(statusText(status)).toBe(
      `Enforcing · 3 exceptions · 12 blocked today · engine 28.5 (containerd store) · policy locked by /etc/lockkeeper/admin-settings.json

engine             unix:///var/run/docker.sock (reachable since 2026-11-23T20:00:01.000Z)
policy             in force (generation 1)
  from             /etc/lockkeeper/admin-settings.json
  warning          careful
host gate          /run/lockkeeper/docker.sock (10 passed, 2 blocked, 1 granted)
standing socket    /run/ci.sock (0 passed, 0 blocked, 0 granted)
container sockets  1
  abababababab     docker:cli at /var/run/docker.sock, by "docker:*" (5 passed, 4 blocked, 0 granted)
past Lockkeeper    no container that holds the engine's own socket
set-up             not looked at yet
journal            /var/lib/lockkeeper/journal.jsonl
  events           30, 0 lines lost
state folder       /var/lib/lockkeeper
running since      2026-11-23T20:00:00.000Z, 1 d 2 h (process 42, version 0.1.0)`,
    );
  });

  it('says what is wrong, with the remedy, before where things are', () => {
    const text = statusText({
      ...status,
      enforcement: 'not-enforced',
      exceptions: 1,
      uptimeSeconds: 61,
      engine: {
        endpoint: 'unix:///x',
        reachable: false,
        since: '2026-11-23T20:00:01.000Z',
        detail: 'connection refused',
      },
      policy: { ...status.policy, state: 'last-good', lastGoodFrom: '2026-11-22T20:00:01.000Z' },
      journal: { file: '/j', trouble: 'disk full' },
      problems: [{ text: 'bad file', remedy: 'lockkeeper validate /etc/a' }],
    });
    expect(text.split('\n').slice(0, 3)).toEqual([
      'Not enforced: the feature is switched off, everything passes · 1 exception · 12 blocked today · engine unreachable (connection refused) · policy locked by /etc/lockkeeper/admin-settings.json',
      '! bad file',
      '  -> lockkeeper validate /etc/a',
    ]);
    for (const words of [
      'unix:///x (unreachable since',
      'the last good one, as a settings file cannot be used, stored 2026-11-22T20:00:01.000Z (generation 1)',
      '/j (not written now)',
      ', 1 min (process',
    ]) {
      expect(text).toContain(words);
    }
  });

  it('tells what was beyond a limit, of everything that is counted', () => {
    expect(statusText(status)).not.toContain('beyond limits');
    const refusedBy = { 'body-too-large': 2, 'head-too-large': 1, 'command-denied': 9 };
    const text = statusText({
      ...status,
      connections: { open: 1, gaveWay: 4, turnedAway: 5 },
      counters: { ...status.counters, refusedBy },
    });
    expect(text).toContain(
      "beyond limits      1 connection open, 4 closed for others, 5 turned away, 3 requests too large; see 'lockkeeper doctor'",
    );
  });

  it('names who is cut off, who is past Lockkeeper, and what is set up wrongly', () => {
    const checkedAt = '2026-11-23T21:00:00.000Z';
    const text = statusText({
      ...status,
      holders: status.holders.map((holder) => ({ ...holder, cutOffSince: checkedAt })),
      rawHolders: { running: 1, stopped: 2 },
      setUp: { failed: ['docker-context', 'engine'], warned: ['policy'], checkedAt },
    });
    expect(text).toContain(`(5 passed, 4 blocked, 0 granted), cut off since ${checkedAt}\n`);
    expect(text).toContain('past Lockkeeper    1 running container, 2 stopped\n');
    expect(text).toContain("set-up             needs attention: docker-context, engine; see 'lockkeeper doctor'\n");
  });
});
