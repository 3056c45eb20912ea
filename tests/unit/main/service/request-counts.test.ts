import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openJournal } from '../../../../main/journal/journal.ts';
import { countRequests } from '../../../../main/service/request-counts.ts';
import type { DecisionEvent } from '../../../../shared/journal/event.ts';

it('counts requests by who asked, and forgets a container with its socket', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockkeeper-counts-'));
  const journal = await openJournal({ folder, writePasses: () => false });
  const host = { listener: 'host-gate' } as const;
  const container = { listener: 'container-socket', containerId: 'c1' } as const;
  const decided = (caller: DecisionEvent['caller'], outcome: DecisionEvent['outcome']) =>
    journal.record({ type: 'decision', outcome, caller, method: 'GET', path: '/x', operation: 'X' });

  decided(host, 'passed');
  const counts = countRequests(journal);
  decided(host, 'refused');
  decided(container, 'granted');
  decided(container, 'granted');
  expect([counts.of(host), counts.of(container), counts.of({ listener: 'standing-socket', socket: '/s' })]).toEqual([
    { passed: 1, refused: 1, granted: 0, observed: 0 },
    { passed: 0, refused: 0, granted: 2, observed: 0 },
    { passed: 0, refused: 0, granted: 0, observed: 0 },
  ]);
  const socket = { key: 'k', containerId: 'c1', image: 'i', entry: 'e', targets: [] };
  journal.record({ type: 'socket', change: 'removed', ...socket });
  expect(counts.of(container)).toEqual({ passed: 0, refused: 0, granted: 0, observed: 0 });
  counts.close();
  decided(host, 'passed');
  expect(counts.of(host).passed).toBe(1);
  await journal.close();
  rmSync(folder, { recursive: true, force: true });
});
