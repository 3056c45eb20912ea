import { dirname, join } from 'node:path';
import { app, Menu, session } from 'electron';
import { languageFor } from '../../shared/texts/catalogues.ts';
import { complain } from '../cli/output.ts';
import type { ServeOptions } from '../service/service-options.ts';
import { builtRenderer, loadAssets } from '../window-files/assets.ts';
import { openBridge } from './bridge/bridge.ts';
import { keepService } from './keep-service.ts';
import { noticePage } from './notice.ts';
import { servePageFiles } from './page-files.ts';
import { stopBeforeQuit } from './quit.ts';
import { createWindow } from './window.ts';

/** The app once it is up. */
export interface OpenApp {
  readonly show: () => void;
  /** Somebody started it once more: the window is shown, and a service that did not start is tried again. */
  readonly startAgain: () => void;
}

/** Puts service, window and what is between them together, and starts the service. Electron is ready. */
export async function openApp(options: ServeOptions): Promise<OpenApp> {
  const built = builtRenderer();
  const files = await loadAssets(built);
  if (!files.ok || built === undefined) throw new Error(files.ok ? 'this is not a bundle' : files.message);
  const styles = [...files.assets.keys()].filter((path) => /^\/assets\/index-[^/]*\.css$/.test(path));
  const language = languageFor(app.getPreferredSystemLanguages());

  const service = keepService(options, () => window.reload());
  const window = createWindow({
    preload: join(dirname(built), 'preload', 'preload.cjs'),
    pageGone: () => bridge.forgetPage(),
    closed() {
      if (service.notice() !== undefined) app.quit();
    },
  });
  const bridge = openBridge({ page: window.contents, serve: service.serve, complain });
  const notice = () => {
    const now = service.notice();
    return now === undefined ? undefined : noticePage(now, language, styles);
  };
  servePageFiles(session.defaultSession, { assets: files.assets, notice });
  keepMenuOut();
  stopBeforeQuit(service.stop);
  service.start();
  return {
    show: window.show,
    startAgain() {
      service.start();
      window.show();
    },
  };
}

/** Electron's own menu has items that lead out of the window. macOS takes copying and quitting from the menu. */
function keepMenuOut(): void {
  const isMac = process.platform === 'darwin';
  const roles = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }] as const;
  Menu.setApplicationMenu(isMac ? Menu.buildFromTemplate([...roles]) : null);
}
