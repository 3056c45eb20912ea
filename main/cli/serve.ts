import { type ServeOptions, type Service, StartFailure } from '../service/service-options.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { complain, say } from './output.ts';

const failureCodes = {
  failed: exitCodes.failed.code,
  'another-instance': exitCodes.anotherInstance.code,
  usage: exitCodes.usage.code,
} as const;

/** What starts the service; given by the caller, so that it is loaded only when it is needed. */
export type StartService = (options: ServeOptions) => Promise<Service>;

/** `lockkeeper serve`: runs until SIGINT or SIGTERM; a second one does not wait for the clean end. */
export async function serve(options: ServeOptions, startService: StartService): Promise<ExitCode> {
  const asked = stopSignals();
  let service: Service;
  try {
    service = await startService(options);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return error instanceof StartFailure ? failureCodes[error.kind] : exitCodes.failed.code;
  }
  for (const remark of service.remarks) complain(remark);
  say(service.readyLine);
  if (service.windowLine !== undefined) say(service.windowLine);
  try {
    // 'stopped' also settles when the service cannot go on by itself.
    await Promise.race([asked, service.stopped]);
    await service.stop();
    await service.stopped;
    return exitCodes.ok.code;
  } catch (error) {
    complain(`stopped: ${error instanceof Error ? error.message : String(error)}`);
    return exitCodes.failed.code;
  }
}

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
