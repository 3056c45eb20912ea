import { complain } from '../cli/output.ts';
import { announce, whyNotStarted } from '../cli/serve.ts';
import type { Channel } from '../control/channel.ts';
import { startService } from '../service/service.ts';
import type { ServeOptions, Service } from '../service/service-options.ts';
import type { Shell } from '../service/shell.ts';
import type { Notice } from './notice.ts';

/** The service behind the window, which may not start, or not go on. */
export interface KeptService {
  /** Starts it, unless it runs or is about to. */
  start(): void;
  /** Serves the contract on a channel, as soon as it runs. */
  serve(channel: Channel): void;
  /** Why it does not run. */
  notice(): Notice | undefined;
  stop(): Promise<void>;
}

export interface ServiceEvents {
  /** It runs. */
  readonly started: (serve: Service['serve']) => void;
  /** It does not run any more. */
  readonly over: () => void;
  /** There is a notice, or there is none any more. */
  readonly noticeChanged: () => void;
}

export function keepService(
  options: ServeOptions,
  shell: Shell,
  { started, over: ended, noticeChanged }: ServiceEvents,
): KeptService {
  let starting: Promise<Service | undefined> | undefined;
  let notice: Notice | undefined;

  function over(kind: Notice['kind'], message: string): undefined {
    starting = undefined;
    notice = { kind, message };
    complain(message);
    ended();
    noticeChanged();
    return undefined;
  }

  async function run(): Promise<Service | undefined> {
    try {
      const service = await startService(options, undefined, shell);
      announce(service);
      service.stopped.catch((error: unknown) => over('ended', wordsOf(error)));
      const wasTold = notice !== undefined;
      notice = undefined;
      if (wasTold) noticeChanged();
      started(service.serve);
      return service;
    } catch (error) {
      return over('title', await whyNotStarted(error, options));
    }
  }

  return {
    start() {
      starting ??= run();
    },
    serve(channel) {
      void starting?.then((service) => service?.serve(channel));
    },
    notice: () => notice,
    async stop() {
      const service = await starting;
      ended();
      await service?.stop();
    },
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
