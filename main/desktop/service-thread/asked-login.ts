import type { StartAtLogin } from '../../service/shell.ts';
import type { LoginAnswer, LoginQuestion } from './messages.ts';

/** The system's list of what starts at login, which the app's own thread looks at and changes. */
export function askedLogin(
  tell: (question: LoginQuestion) => void,
): StartAtLogin & { answer(message: LoginAnswer): void } {
  const asked = new Map<number, { done(value: unknown): void; failed(error: Error): void }>();
  let last = 0;

  function ask<T>(set?: boolean): Promise<T> {
    last += 1;
    tell({ login: last, ...(set !== undefined && { set }) });
    return new Promise((resolve, reject) =>
      asked.set(last, { done: resolve as (value: unknown) => void, failed: reject }),
    );
  }

  return {
    isOn: () => ask<boolean>(),
    set: (isOn) => ask<string | undefined>(isOn),
    answer(message) {
      const number = 'loginAnswer' in message ? message.loginAnswer : message.loginFailed;
      const question = asked.get(number);
      asked.delete(number);
      if ('loginAnswer' in message) question?.done(message.value);
      else question?.failed(new Error(message.why));
    },
  };
}
