import { app } from 'electron';

/** Whether this is the first start for its profile; later ones call `startedAgain` in the first, and end. */
export function isFirstInstance(startedAgain: () => void): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('second-instance', startedAgain);
  // macOS starts an app once. It tells the one that runs, for a click in the Dock too.
  app.on('activate', startedAgain);
  return true;
}
