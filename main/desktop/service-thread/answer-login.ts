import type { StartAtLogin } from '../../service/shell.ts';
import type { LoginAnswer, LoginQuestion } from './messages.ts';

/** Asks, or tells, the system's list of what starts at login for the service. */
export async function answerLogin(
  atLogin: StartAtLogin | undefined,
  { login, set }: LoginQuestion,
): Promise<LoginAnswer> {
  try {
    const value = set === undefined ? await atLogin?.isOn() : await atLogin?.set(set);
    return { loginAnswer: login, value };
  } catch (error) {
    return { loginFailed: login, why: error instanceof Error ? error.message : String(error) };
  }
}
