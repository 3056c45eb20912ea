import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { type StateOption, stateFolder } from '../cli/running.ts';

/**
 * Keeps what Chromium stores of the window in the state folder: one run has one state folder and one window, and nothing
 * of it lies where containers may look. Where that folder cannot be made, the service says so, in the window.
 */
export function keepProfileInState(options: StateOption): void {
  const profile = join(stateFolder(options), 'window');
  try {
    mkdirSync(profile, { recursive: true, mode: 0o700 });
    app.setPath('userData', profile);
  } catch {
    // Electron's own place has to do for the window that says what is wrong.
  }
}
