import { type ExitCode, exitCodes } from './exit-codes.ts';
import { complainError, say } from './output.ts';
import { type StateOption, withRunning } from './running.ts';

/** `lockkeeper policy`: the policy that the running enforcer holds, not what some file says. */
export async function policy(options: StateOption & { readonly json?: boolean }): Promise<ExitCode> {
  return withRunning(options, async (client) => {
    const answer = await client.request('policy', {});
    if (!answer.ok) {
      complainError(answer.error, options.json);
      return exitCodes.failed.code;
    }
    if (options.json === true) {
      say(JSON.stringify(answer.value, null, 2));
    } else {
      const { renderPolicy } = await import('../../shared/policy/describe.ts');
      say(renderPolicy(answer.value).trimEnd());
    }
    return exitCodes.ok.code;
  });
}
