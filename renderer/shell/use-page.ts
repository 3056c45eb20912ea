import { useEffect } from 'react';
import type { PageName } from '../../shared/ipc/address.ts';
import { useConnectionState, usePreferences } from '../live/live.tsx';
import { saysWhere } from './address.ts';
import { goTo, useAddress, useHash } from './use-address.ts';

/**
 * The page that the address says. One that says none leads to the first run while that is due; whether it is, is not
 * known before Lockkeeper has answered: undefined until then.
 */
export function usePage(): PageName | undefined {
  const { page } = useAddress();
  const isSaid = saysWhere(useHash());
  const isConnecting = useConnectionState() === 'connecting';
  const firstRun = usePreferences()?.firstRun;
  const isLed = !isSaid && firstRun === 'due';
  useEffect(() => {
    if (isLed) goTo({ page: 'first-run', values: {} }, { replace: true });
  }, [isLed]);
  const isUnknown = isConnecting && firstRun === undefined;
  return !isSaid && (isUnknown || isLed) ? undefined : page;
}
