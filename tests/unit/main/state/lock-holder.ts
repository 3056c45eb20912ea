// A process that tries for the lock of the folder in its arguments, says what came of it, and then stays.
import { acquireInstanceLock } from '../../../../main/state/instance-lock.ts';

const [, , folder = ''] = process.argv;
const result = await acquireInstanceLock(folder, { answers: async () => false });
process.stdout.write(`${JSON.stringify(result.ok ? { ok: true } : result)}\n`);
process.stdin.on('data', async () => {
  if (result.ok) {
    await result.release();
  }
  process.exit(0);
});
