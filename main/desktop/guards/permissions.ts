import type { Session } from 'electron';
import { isOurUrl } from '../bridge/origin.ts';

/** Writing text to the clipboard, as copy buttons do; every other permission is denied. */
const GRANTED = 'clipboard-sanitized-write';

/** Denies pages whatever they may ask for. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(permission === GRANTED && isOurUrl(requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => permission === GRANTED && isOurUrl(origin));
  session.setDevicePermissionHandler(() => false);
}
