import { expect, it, vi } from 'vitest';
import { startUpHandlers } from '../../../../../main/service/handlers/start-up.ts';
import { headless } from '../../../../../main/service/shell.ts';

it('offers nothing where the service runs headless, and says so', async () => {
  const { requests, pushes } = startUpHandlers(headless);
  const push = vi.fn();
  pushes.startUp({}, push);
  await vi.waitFor(() => expect(push).toHaveBeenCalledWith({ atLogin: 'not-offered', opensWindow: false }));
  expect(await requests.setStartAtLogin({ on: true })).toEqual({
    ok: false,
    error: { name: 'unavailable', message: 'this Lockkeeper cannot be started at login: only the desktop app can' },
  });
});

it('says what the system says each time, and not what was chosen', async () => {
  let isOn = true;
  const set = vi.fn(async () => undefined);
  const { requests, pushes } = startUpHandlers({ opensWindow: true, atLogin: { isOn: async () => isOn, set } });
  const pushed = async () => {
    const push = vi.fn();
    const end = pushes.startUp({}, push);
    await vi.waitFor(() => expect(push).toHaveBeenCalled());
    end();
    return push.mock.lastCall?.[0];
  };
  expect(await pushed()).toEqual({ atLogin: 'on', opensWindow: true });
  isOn = false;
  expect(await pushed()).toEqual({ atLogin: 'off', opensWindow: true });
  expect(await requests.setStartAtLogin({ on: true })).toMatchObject({ ok: true, value: { atLogin: 'off' } });
  expect(set).toHaveBeenCalledWith(true);
});

it('has a name for what the system would not have', async () => {
  const atLogin = { isOn: async () => false, set: async () => 'x is a symbolic link' };
  const { requests } = startUpHandlers({ opensWindow: true, atLogin });
  expect(await requests.setStartAtLogin({ on: true })).toEqual({
    ok: false,
    error: { name: 'not-written', message: 'x is a symbolic link' },
  });
});
