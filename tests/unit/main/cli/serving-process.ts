// `lockkeeper serve` around a service that does nothing: the argument says how it behaves.

import { surviveClosedOutput } from '../../../../main/cli/output.ts';
import { serve } from '../../../../main/cli/serve.ts';
import { type Service, StartFailure } from '../../../../main/service/service-options.ts';

const [, , behaviour = '', form] = process.argv;
surviveClosedOutput(() => 'go-on');
process.stdout.once('error', () => process.stderr.write('unread\n'));

async function startService(): Promise<Service> {
  if (behaviour === 'another-instance' || behaviour === 'usage' || behaviour === 'failed') {
    throw new StartFailure(behaviour, `${behaviour}: the remedy`);
  }
  const alive = setInterval(() => process.stdout.write('tick\n'), 5);
  let end: () => void = () => undefined;
  const stopped = new Promise<void>((resolve, reject) => {
    end = resolve;
    if (behaviour === 'breaks') {
      setTimeout(() => reject(new Error('the socket went away')), 10);
    }
  });
  return {
    remarks: behaviour === 'doubts' ? ['the settings are doubtful'] : [],
    readyLine: 'lockkeeper: ready here',
    stopped,
    serve: () => undefined,
    async stop() {
      if (behaviour === 'hangs') {
        process.stderr.write('stopping\n');
        await new Promise(() => undefined);
      }
      clearInterval(alive);
      process.stderr.write('stopped cleanly\n');
      end();
    },
  };
}

const code = await serve({ standingSockets: [], json: form === 'json' }, startService);
process.exit(code);
