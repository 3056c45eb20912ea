// The built program, which collects its garbage and says what it holds when it gets SIGUSR2.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

process.on('SIGUSR2', () => {
  // What finalizers let go of is collected the second time.
  for (let round = 0; round < 2; round += 1) collectGarbage();
  process.stderr.write(`memory: ${JSON.stringify(process.memoryUsage())}\n`);
});

await import('../../../../dist/main/lockkeeper.js');
