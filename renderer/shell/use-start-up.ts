import { useState } from 'react';
import { defaultPreferences } from '../../shared/ipc/preferences.ts';
import { useConnection, useLive, usePreferences } from '../live/live.tsx';

/** Something about the start that is on or off. */
export interface Switch {
  readonly id: 'atLogin' | 'minimised';
  readonly isOn: boolean;
  readonly set: (isOn: boolean) => void;
}

/** What can be chosen about the start: what the shell offers that Lockkeeper runs in. Looked at anew by each view. */
export function useStartUp(): { readonly switches: readonly Switch[]; readonly problem: string | undefined } {
  const connection = useConnection();
  const offered = useLive('startUp');
  const { startMinimised } = usePreferences() ?? defaultPreferences;
  const [problem, setProblem] = useState<string>();

  const startAtLogin = async (on: boolean) => {
    const answer = await connection.request('setStartAtLogin', { on });
    setProblem(answer.ok ? undefined : answer.error.message);
  };
  const switches: Switch[] = [];
  if (offered !== undefined && offered.atLogin !== 'not-offered') {
    switches.push({ id: 'atLogin', isOn: offered.atLogin === 'on', set: (on) => void startAtLogin(on) });
  }
  if (offered?.opensWindow) {
    const set = (on: boolean) => void connection.request('setPreferences', { startMinimised: on });
    switches.push({ id: 'minimised', isOn: startMinimised, set });
  }
  return { switches, problem };
}
