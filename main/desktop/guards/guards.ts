import { app } from 'electron';
import { confineContents } from './contents.ts';
import { denyDownloads, denyNetwork, resolveNoNames } from './network.ts';
import { denyPermissions } from './permissions.ts';

/** Takes from every page, whatever session it is in, all that it does not need. Before Electron is ready. */
export function guardPages(): void {
  app.enableSandbox();
  resolveNoNames();
  app.on('session-created', (session) => {
    denyPermissions(session);
    denyNetwork(session);
    denyDownloads(session);
  });
  app.on('web-contents-created', (_event, contents) => confineContents(contents));
}
