import { app } from 'electron';

/** Lets the app end only after `stop`, however it was asked to: by the menu, by a signal, or by the session's end. */
export function stopBeforeQuit(stop: () => Promise<void>): void {
  let isStopping = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (isStopping) return;
    isStopping = true;
    void stop().then(
      () => app.exit(0),
      () => app.exit(1),
    );
  });
  // Without a listener Electron quits here: the gate goes on when the window is closed.
  app.on('window-all-closed', () => undefined);
}
