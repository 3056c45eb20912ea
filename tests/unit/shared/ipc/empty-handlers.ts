import type { Answer, ControlHandlers, PushName, RequestName } from '../../../../shared/ipc/contract.ts';
import { snapshotSample } from './snapshot-sample.ts';

/**
 * A handler for every leaf: a request or push without one, or one too many, does not compile. Requests are answered
 * with an error that names them, and pushes are told to `subscribed`.
 */
export function emptyHandlers(subscribed: (name: PushName) => void = () => undefined): ControlHandlers {
  const named = (name: RequestName) => (): Answer<never> => ({
    ok: false,
    error: { name: 'unavailable', message: name },
  });
  const told = (name: PushName) => () => {
    subscribed(name);
    return () => undefined;
  };
  return {
    snapshot: () => snapshotSample,
    requests: {
      status: named('status'),
      policy: named('policy'),
      check: named('check'),
      recentEvents: named('recentEvents'),
      resolveAllowList: named('resolveAllowList'),
      pinImage: named('pinImage'),
      planRefresh: named('planRefresh'),
      startRefresh: named('startRefresh'),
      cancelRefresh: named('cancelRefresh'),
      cutOff: named('cutOff'),
      giveBack: named('giveBack'),
      checkSetUp: named('checkSetUp'),
      setUp: named('setUp'),
      suggestChange: named('suggestChange'),
      proposeChange: named('proposeChange'),
      applyChange: named('applyChange'),
      settingsText: named('settingsText'),
      writeSettings: named('writeSettings'),
      setPreferences: named('setPreferences'),
      observe: named('observe'),
      enforce: named('enforce'),
      setStartAtLogin: named('setStartAtLogin'),
      dashboardLink: named('dashboardLink'),
    },
    pushes: {
      status: told('status'),
      policy: told('policy'),
      allowList: told('allowList'),
      containers: told('containers'),
      refreshes: told('refreshes'),
      preferences: told('preferences'),
      startUp: told('startUp'),
      event: told('event'),
    },
  };
}
