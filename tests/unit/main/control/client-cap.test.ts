import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectControl } from '../../../../main/control/client.ts';
import { LONGEST_CREATE_BODY } from '../../../../shared/ipc/check.ts';
import { PROTOCOL_VERSION, REQUEST_CAP } from '../../../../shared/ipc/contract.ts';
import { snapshotSample } from '../../shared/ipc/snapshot-sample.ts';

it('does not send what the other end would not read, and can send the largest body to check', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockkeeper-cap-'));
  const path = join(folder, 'c.sock');
  let received = 0;
  const server = createServer((socket) => {
    socket.write(
      `${JSON.stringify({ hello: { protocol: PROTOCOL_VERSION, version: '1', snapshot: snapshotSample } })}\n`,
    );
    socket.on('data', (data) => {
      received += data.length;
    });
    // Every request is answered with an error of the server's own once it is there whole.
    socket.on('data', (data) => {
      if (!data.includes('\n')) return;
      const error = { name: 'unavailable', message: 'here' };
      socket.write(`${JSON.stringify({ id: 2, answer: { ok: false, error } })}\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const connected = await connectControl({ path });
  if (!connected.ok) throw new Error(connected.error.message);
  const client = connected.value;
  const check = (body: string) => client.request('check', { from: { kind: 'host' }, ask: { kind: 'create', body } });

  expect(await check('x'.repeat(REQUEST_CAP))).toMatchObject({ ok: false, error: { name: 'too-large' } });
  expect(received).toBe(0);
  expect(await check('"'.repeat(LONGEST_CREATE_BODY))).toMatchObject({ ok: false, error: { name: 'unavailable' } });
  expect(received).toBeGreaterThan(2 * LONGEST_CREATE_BODY);

  client.close();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});
