import { type Greeting, type ServeOptions, type Service, StartFailure } from '../service/service-options.ts';
import { controlPath } from '../state/paths.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { complain, say } from './output.ts';
import { connectRunning, type JsonOption } from './running.ts';

const failureCodes = {
  failed: exitCodes.failed.code,
  'another-instance': exitCodes.anotherInstance.code,
  usage: exitCodes.usage.code,
} as const;

/** What starts the service; given by the caller, so that it is loaded only when it is needed. */
export type StartService = (options: ServeOptions) => Promise<Service>;

/** `lockkeeper serve`: runs until SIGINT or SIGTERM; a second one does not wait for the clean end. */
export async function serve(
  { json, ...options }: ServeOptions & JsonOption,
  startService: StartService,
): Promise<ExitCode> {
  const asked = stopSignals();
  let service: Service;
  try {
    service = await startService(options);
  } catch (error) {
    const name = error instanceof StartFailure ? error.kind : 'failed';
    complain(await whyNotStarted(error, options), { json, name });
    return failureCodes[name];
  }
  announce(service, json);
  try {
    // 'stopped' also settles when the service cannot go on by itself.
    await Promise.race([asked, service.stopped]);
    await service.stop();
    await service.stopped;
    return exitCodes.ok.code;
  } catch (error) {
    complain(`stopped: ${error instanceof Error ? error.message : String(error)}`, { json });
    return exitCodes.failed.code;
  }
}

/** What is doubtful about the settings, and then that it is ready: programs wait for that line. */
export function announce({ remarks, readyLine, windowLine }: Greeting, json = false): void {
  if (json) {
    for (const message of remarks) process.stderr.write(`${JSON.stringify({ warning: { message } })}\n`);
    const window = windowLine === undefined ? {} : { window: windowLine };
    say(JSON.stringify({ ready: { message: readyLine, ...window } }));
    return;
  }
  for (const remark of remarks) complain(remark);
  say(readyLine);
  if (windowLine !== undefined) say(windowLine);
}

/** Why it did not start; when another one runs, what that one says of itself, too. */
export async function whyNotStarted(error: unknown, options: ServeOptions): Promise<string> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof StartFailure) || error.kind !== 'another-instance') return message;
  const running = await connectRunning(options, ANSWER_MS);
  if (!running.ok) return message;
  const answer = await running.value.request('status', {});
  running.value.close();
  if (!answer.ok) return message;
  const { pid, startedAt, version, state } = answer.value;
  return `${message} (process ${pid}, version ${version}, runs since ${startedAt} and answers at ${controlPath(state, process.platform)})`;
}

/** How long the other one may take to answer. */
const ANSWER_MS = 2_000;

/** Resolves at the first signal; at the second the process ends as the signal would have ended it. */
function stopSignals(): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
      process.on(signal, () => {
        signals += 1;
        if (signals > 1) {
          process.exit(code);
        }
        resolve();
      });
    }
  });
}
