import { parentPort, workerData } from 'node:worker_threads';
import { whyNotStarted } from '../../cli/serve.ts';
import { startService } from '../../service/service.ts';
import type { Service } from '../../service/service-options.ts';
import { askedLogin } from './asked-login.ts';
import type { FromThread, ThreadStart, ToThread } from './messages.ts';
import { servedLines } from './served-lines.ts';

// The service in a thread of its own within the app's process: Electron waits for what its first thread hears of in
// another one, which costs 0.17 ms each time, and Chromium's messages are handled there too. The gate feels neither.

const { options, hasLogin } = workerData as ThreadStart;
const port = parentPort;
if (port === null) throw new Error('this is a thread of the desktop app, and is not started by itself');
const tell = (message: FromThread) => port.postMessage(message);

const login = askedLogin(tell);
const lines = servedLines((line) => tell({ line }));
const service = run();

port.on('message', (message: ToThread) => {
  if ('line' in message) lines.take(message.line);
  else if ('stop' in message) void service.then(stop);
  else login.answer(message);
});

async function run(): Promise<Service | undefined> {
  try {
    const started = await startService(options, undefined, { opensWindow: true, ...(hasLogin && { atLogin: login }) });
    const { serve, stop: _, stopped, ...greeting } = started;
    tell({ started: greeting });
    lines.serve(serve);
    stopped.catch((error: unknown) => over('ended', error instanceof Error ? error.message : String(error)));
    return started;
  } catch (error) {
    over('title', await whyNotStarted(error, options));
    return undefined;
  }
}

function over(kind: 'title' | 'ended', message: string): void {
  tell({ over: { kind, message } });
}

async function stop(running: Service | undefined): Promise<void> {
  await running?.stop();
  tell({ stopped: true });
}
