import { type ExitCode, exitCodes } from './exit-codes.ts';
import { complainError, say } from './output.ts';
import { type JsonOption, type StateOption, withRunning } from './running.ts';

/** `lockkeeper dashboard`: a new link to the window, and nothing else, for `xdg-open "$(lockkeeper dashboard)"`. */
export async function dashboard(options: StateOption & JsonOption): Promise<ExitCode> {
  return withRunning(options, async (client) => {
    const answer = await client.request('dashboardLink', {});
    if (!answer.ok) {
      complainError(answer.error, options.json);
      return exitCodes.failed.code;
    }
    say(options.json === true ? JSON.stringify(answer.value, null, 2) : answer.value.url);
    return exitCodes.ok.code;
  });
}
