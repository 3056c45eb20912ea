import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startService } from '../../../main/service/service.ts';
import type { ServeOptions } from '../../../main/service/service-options.ts';
import type { Step } from '../../../main/steps/step.ts';

/** The service as `lockkeeper serve` runs it, in a process that kills itself with SIGKILL when it reaches a step. */
const [options = '{}', firstDeadly] = process.argv.slice(2);
let deadly = firstDeadly;
let spoil = false;
const serveOptions = JSON.parse(options) as ServeOptions & { state: string };

const service = await startService(serveOptions, (step: Step) => {
  if (spoil && step === 'link-placed') spoilRecord();
  if (step === deadly) process.kill(process.pid, 'SIGKILL');
});

/** What the test asks for while it runs: the next deadly step, or a failure that nobody catches. */
process.on('message', (message: { deadly?: Step; spoil?: boolean; fail?: 'throw' | 'reject' }) => {
  deadly = message.deadly;
  spoil = message.spoil === true;
  if (message.fail === 'reject') void Promise.reject(new Error('nobody caught this promise'));
  if (message.fail === 'throw') {
    setImmediate(() => {
      throw new Error('nobody caught this exception');
    });
  }
  process.send?.('armed');
});
/** Puts something in the way of the record that is about to be written, so that the create has to be taken back. */
function spoilRecord(): void {
  const holders = join(serveOptions.state, 'holders');
  for (const name of readdirSync(holders).filter((one) => one.endsWith('.reserved'))) {
    mkdirSync(join(holders, `${name.replace('.reserved', '')}.json.new`, 'in-the-way'), { recursive: true });
  }
}

// The test has ended, however it did.
process.once('disconnect', () => process.exit());
process.once('SIGTERM', () => void service.stop().then(() => process.exit(0)));
process.send?.(service.readyLine);
