import { app, type Session } from 'electron';
import { isOurUrl } from '../bridge/origin.ts';

/**
 * Chromium resolves no name, not even for a hint of a page (`dns-prefetch`), which no request handler sees. Our own
 * questions to the engine go through Node, which does not use Chromium's network.
 */
export function resolveNoNames(): void {
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  // Not one of the services that a browser asks by itself.
  app.commandLine.appendSwitch('disable-background-networking');
  app.commandLine.appendSwitch('disable-component-update');
}

/** Cancels every request of pages that is not for a file of ours. */
export function denyNetwork(session: Session): void {
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayLoad(url) }));
}

/** The developer tools of a build from source are pages, too. */
function mayLoad(url: string): boolean {
  return isOurUrl(url) || (!app.isPackaged && url.startsWith('devtools://'));
}

/** A page may save what it made itself (an export), and nothing else. */
export function denyDownloads(session: Session): void {
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith('blob:') || !isOurUrl(item.getURL().slice('blob:'.length))) event.preventDefault();
  });
}
