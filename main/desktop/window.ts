import { app, BrowserWindow, type WebContents } from 'electron';
import { type Address, formatAddress } from '../../shared/ipc/address.ts';
import { createAllowance } from '../control/allowance.ts';
import { APP_ORIGIN } from './bridge/origin.ts';
import { yieldToGate } from './yield-to-gate.ts';

/** The app's one window, which may be closed: what it shows goes on without it. */
export interface Window {
  /** Brings it before the user, at an address of its page; opens it when it is closed. */
  show(address?: Address): void;
  /** Loads what it shows anew, if it is open. */
  reload(): void;
  /** What is in it, while it is open. */
  contents(): WebContents | undefined;
  /** Whether the user looks at it: a window in the background may be covered. */
  isSeen(): boolean;
}

export interface WindowOptions {
  readonly preload: string;
  /** The page that was in it is gone, and nothing that it asked for is of use. */
  readonly pageGone: () => void;
  readonly closed: () => void;
  /** The user begins to look at it. */
  readonly seen: () => void;
}

/** Renderers that crash are started again so often, and then only when the user asks for the window. */
const CRASHES = { burst: 3, perSecond: 1 / 60 } as const;

export function createWindow({ preload, pageGone, closed, seen }: WindowOptions): Window {
  const mayComeBack = createAllowance(CRASHES);
  let open: BrowserWindow | undefined;

  function make(address?: Address): BrowserWindow {
    const window = new BrowserWindow({
      width: 1200,
      height: 800,
      minWidth: 640,
      minHeight: 400,
      show: false,
      title: app.getName(),
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        // Chromium would fetch dictionaries.
        spellcheck: false,
        devTools: !app.isPackaged,
      },
    });
    window.once('ready-to-show', () => window.show());
    window.once('closed', () => {
      if (open === window) open = undefined;
      pageGone();
      closed();
    });
    const { webContents } = window;
    webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) pageGone();
    });
    webContents.on('render-process-gone', () => {
      pageGone();
      if (mayComeBack()) webContents.reload();
      else window.destroy();
    });
    window.on('focus', seen);
    yieldToGate(webContents);
    load(window, address);
    return window;
  }

  return {
    show(address) {
      seen();
      if (open === undefined) {
        open = make(address);
        return;
      }
      if (address !== undefined) load(open, address);
      if (open.isMinimized()) open.restore();
      open.show();
      open.focus();
    },
    reload: () => open?.webContents.reload(),
    contents: () => open?.webContents,
    isSeen: () => open?.isFocused() === true,
  };
}

/** Another address of the page that is open already loads nothing. */
function load(window: BrowserWindow, address?: Address): void {
  void window.loadURL(`${APP_ORIGIN}/${address === undefined ? '' : formatAddress(address)}`).catch(() => undefined);
}
