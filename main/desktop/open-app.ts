import { join } from 'node:path';
import { app, session } from 'electron';
import { eventAddress } from '../../shared/ipc/address.ts';
import type { Preferences } from '../../shared/ipc/preferences.ts';
import { complain } from '../cli/output.ts';
import type { ServeOptions } from '../service/service-options.ts';
import { actOn } from './act.ts';
import { openBridge } from './bridge/bridge.ts';
import { followService } from './follow.ts';
import { thisAppAtLogin } from './login/this-app.ts';
import { setAppMenu } from './menu.ts';
import { noticePage } from './notice.ts';
import { startNotifications } from './notifications/notifications.ts';
import { tell } from './notifications/tell.ts';
import { loadBuiltWindow, servePageFiles } from './page-files.ts';
import { askInBox } from './quit/ask.ts';
import { quitAsking } from './quit/quit-asking.ts';
import { stopBeforeQuit } from './quit/stop-before-quit.ts';
import { keepService } from './service-thread/keep-service.ts';
import { spokenAs } from './spoken.ts';
import { openTray } from './tray/tray.ts';
import { createWindow } from './window.ts';

/** The app once it is up. */
export interface OpenApp {
  readonly show: () => void;
  /** Somebody started it once more: the window is shown, and a service that did not start is tried again. */
  readonly startAgain: () => void;
}

/** Puts service, window, tray and what is between them together, and starts the service. Electron is ready. */
export async function openApp(options: ServeOptions, chosen: Preferences): Promise<OpenApp> {
  const { dist, assets, styles } = await loadBuiltWindow();
  const spoken = spokenAs(chosen);
  const texts = () => spoken.now().t;

  const window = createWindow({
    preload: join(dist, 'preload', 'preload.cjs'),
    pageGone: () => bridge.forgetPage(),
    closed() {
      if (service.notice() !== undefined) app.quit();
    },
    seen: () => followed.seen(),
  });
  const notify = startNotifications({
    texts,
    isSeen: window.isSeen,
    tell: (title, body, { sequence }) => tell(title, body, () => window.show(eventAddress(sequence))),
  });
  const followed = followService({
    changed: () => trayChanged(),
    blocked: notify,
    chosen(preferences) {
      spoken.choose(preferences);
      trayChanged();
      menuChanged();
    },
    isSeen: window.isSeen,
  });
  const service = keepService(options, thisAppAtLogin(options), {
    started: () => followed.begin(service.open),
    over: followed.end,
    noticeChanged() {
      // Who starts it without the window has to know that nothing is behind the sockets.
      if (service.notice() !== undefined && window.contents() === undefined) window.show();
      else window.reload();
    },
  });
  const bridge = openBridge({ page: window.contents, service, complain });
  const quit = quitAsking({
    client: followed.client,
    holders: () => followed.facts().status?.holders ?? [],
    texts,
    ask: askInBox,
    quit: () => app.quit(),
    complain,
  });
  const trayChanged = openTray({
    icons: join(dist, 'icons'),
    wording: spoken.now,
    facts: followed.facts,
    act: (action) => actOn(action, { client: followed.client, show: window.show, quit, complain }),
    complain,
  });

  const notice = () => {
    const now = service.notice();
    return now === undefined ? undefined : noticePage(now, spoken.now().language, styles);
  };
  servePageFiles(session.defaultSession, { assets, notice });
  const menuChanged = () => setAppMenu({ quitLabel: texts()('desktop.tray.quit'), quit });
  menuChanged();
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
