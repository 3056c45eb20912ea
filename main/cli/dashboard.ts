import { type ExitCode, exitCodes } from './exit-codes.ts';
import { complain, say } from './output.ts';
import { type StateOption, withRunning } from './running.ts';

/** `lockkeeper dashboard`: a new link to the window, and nothing else, for `xdg-open "$(lockkeeper dashboard)"`. */
export async function dashboard(options: StateOption): Promise<ExitCode> {
  return withRunning(options, async (client) => {
    const answer = await client.request('dashboardLink', {});
    if (!answer.ok) {
      complain(answer.error.message);
      return exitCodes.failed.code;
    }
    say(answer.value.url);
    return exitCodes.ok.code;
  });
}
