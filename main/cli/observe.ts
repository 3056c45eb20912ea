import { type ExitCode, exitCodes } from './exit-codes.ts';
import { complainError, say } from './output.ts';
import { type JsonOption, type StateOption, withRunning } from './running.ts';

interface ObserveOptions extends StateOption, JsonOption {
  readonly minutes: number;
  readonly end?: boolean;
}

/** `lockkeeper observe`: nothing is blocked for a while; `--end` takes that back. */
export async function observe(options: ObserveOptions): Promise<ExitCode> {
  return withRunning(options, async (client) => {
    const { minutes } = options;
    const answer = await (options.end === true
      ? client.request('enforce', {})
      : client.request('observe', { minutes }));
    if (!answer.ok) {
      complainError(answer.error, options.json);
      return exitCodes.failed.code;
    }
    const { isObserving, until } = answer.value;
    const words = isObserving ? `Observing${until === undefined ? '' : ` until ${until}`}` : 'Not observing';
    say(options.json === true ? JSON.stringify(answer.value, null, 2) : words);
    return exitCodes.ok.code;
  });
}
