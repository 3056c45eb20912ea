import { Notification } from 'electron';

/** The system lets go of a notification that nothing holds, and with it of what a click does. */
let last: Notification | undefined;

/** Shows a notification of the system in place of the one before; nothing where the system has none. */
export function tell(title: string, body: string, clicked: () => void): void {
  if (!Notification.isSupported()) return;
  last?.close();
  last = new Notification({ title, body, silent: true });
  last.once('click', clicked);
  last.show();
}
