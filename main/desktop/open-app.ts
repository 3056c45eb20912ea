import { dirname, join } from 'node:path';
import { app, session } from 'electron';
import { eventAddress } from '../../shared/ipc/address.ts';
import type { Preferences } from '../../shared/ipc/preferences.ts';
import { complain } from '../cli/output.ts';
import { wordsOfOptions } from '../cli/serve-options.ts';
import type { ServeOptions } from '../service/service-options.ts';
import { builtRenderer, loadAssets } from '../window-files/assets.ts';
import { actOn } from './act.ts';
import { openBridge } from './bridge/bridge.ts';
import { followService } from './follow.ts';
import { keepService } from './keep-service.ts';
import { startAtLogin } from './login/start-at-login.ts';
import { keepMenuOut } from './menu.ts';
import { noticePage } from './notice.ts';
import { startNotifications } from './notifications/notifications.ts';
import { tell } from './notifications/tell.ts';
import { servePageFiles } from './page-files.ts';
import { stopBeforeQuit } from './quit.ts';
import { openTray } from './tray/tray.ts';
import { createWindow } from './window.ts';
import { wordingFor } from './wording.ts';

/** The app once it is up. */
export interface OpenApp {
  readonly show: () => void;
  /** Somebody started it once more: the window is shown, and a service that did not start is tried again. */
  readonly startAgain: () => void;
}

/** Puts service, window, tray and what is between them together, and starts the service. Electron is ready. */
export async function openApp(options: ServeOptions, chosen: Preferences): Promise<OpenApp> {
  const built = builtRenderer();
  const files = await loadAssets(built);
  if (!files.ok || built === undefined) throw new Error(files.ok ? 'this is not a bundle' : files.message);
  const dist = dirname(built);
  const wordingAs = ({ language }: Preferences) => wordingFor(language, app.getPreferredSystemLanguages());
  let wording = wordingAs(chosen);

  const window = createWindow({
    preload: join(dist, 'preload', 'preload.cjs'),
    pageGone: () => bridge.forgetPage(),
    closed() {
      if (service.notice() !== undefined) app.quit();
    },
    seen: () => followed.seen(),
  });
  const notify = startNotifications({
    texts: () => wording.t,
    isSeen: window.isSeen,
    tell: (title, body, { sequence }) => tell(title, body, () => window.show(eventAddress(sequence))),
  });
  const followed = followService({
    changed: () => trayChanged(),
    blocked: notify,
    chosen(preferences) {
      wording = wordingAs(preferences);
      trayChanged();
    },
    isSeen: window.isSeen,
  });
  const atLogin = startAtLogin({
    execPath: process.execPath,
    env: process.env,
    platform: process.platform,
    home: app.getPath('home'),
    isPackaged: app.isPackaged,
    appPath: app.getAppPath(),
    words: wordsOfOptions(options),
    loginItems: app,
  });
  const service = keepService(
    options,
    { opensWindow: true, atLogin },
    {
      started: followed.begin,
      over: followed.end,
      noticeChanged: window.reload,
    },
  );
  const bridge = openBridge({ page: window.contents, serve: service.serve, complain });
  const trayChanged = openTray({
    icons: join(dist, 'icons'),
    wording: () => wording,
    facts: followed.facts,
    act: (action) => actOn(action, { client: followed.client, show: window.show, complain }),
    complain,
  });

  const styles = [...files.assets.keys()].filter((path) => /^\/assets\/window-[^/]*\.css$/.test(path));
  const notice = () => {
    const now = service.notice();
    return now === undefined ? undefined : noticePage(now, wording.language, styles);
  };
  servePageFiles(session.defaultSession, { assets: files.assets, notice });
  keepMenuOut();
  stopBeforeQuit(service.stop);
  service.start();
  return {
    show: () => window.show(),
    startAgain() {
      service.start();
      window.show();
    },
  };
}
