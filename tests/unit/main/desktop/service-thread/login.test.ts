import { describe, expect, it } from 'vitest';
import { answerLogin } from '../../../../../main/desktop/service-thread/answer-login.ts';
import { askedLogin } from '../../../../../main/desktop/service-thread/asked-login.ts';
import type { StartAtLogin } from '../../../../../main/service/shell.ts';

/** The service's side, asking the system's list on the app's side. */
function asking(list: StartAtLogin): StartAtLogin {
  const login = askedLogin((question) => void answerLogin(list, question).then(login.answer));
  return login;
}

describe('start at login, asked from the service’s thread', () => {
  it('tells what the list says, and puts on it what was chosen', async () => {
    let isOn = false;
    const login = asking({
      isOn: async () => isOn,
      async set(wanted) {
        isOn = wanted;
        return wanted ? undefined : 'the system did not take it';
      },
    });
    expect(await Promise.all([login.isOn(), login.set(true), login.isOn()])).toEqual([false, undefined, true]);
    expect(await login.set(false)).toBe('the system did not take it');
  });

  it('fails for the one who asked when the list cannot be looked at', async () => {
    const login = asking({ isOn: () => Promise.reject(new Error('no such bus')), set: async () => undefined });
    await expect(login.isOn()).rejects.toThrow('no such bus');
    expect(await login.set(true)).toBeUndefined();
  });
});
