import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Menu, type MenuItemConstructorOptions, nativeTheme, Tray } from 'electron';
import type { Wording } from '../wording.ts';
import { type TrayFacts, type TrayState, trayState } from './tray-facts.ts';
import { statusWords, type TrayAction, type TrayRow, trayMenu } from './tray-menu.ts';

export interface TrayOptions {
  /** Where the icons are. */
  readonly icons: string;
  /** As it is chosen now. */
  readonly wording: () => Wording;
  readonly facts: () => TrayFacts;
  readonly act: (action: TrayAction) => void;
  readonly complain: (message: string) => void;
}

/** Milliseconds in which changes are brought together: menus are made anew whole, and the gate has more to do. */
const PACE_MS = 500;

/** The icon in the tray. Returns what is called when facts or wording have changed. Where no tray is, nothing is shown. */
export function openTray({ icons, wording, facts, act, complain }: TrayOptions): () => void {
  let tray: Tray | undefined;
  let shown: { readonly state: TrayState; readonly look: string; readonly rows: readonly TrayRow[] } | undefined;
  let waiting: NodeJS.Timeout | undefined;

  function draw(): void {
    waiting = undefined;
    const next = { state: trayState(facts()), look: look(), rows: trayMenu(facts(), wording()) };
    if (isDeepStrictEqual(next, shown)) return;
    const icon = join(icons, `${next.state}-${next.look}.png`);
    try {
      tray ??= new Tray(icon);
      tray.setImage(icon);
      tray.setToolTip(`Lockkeeper: ${statusWords(facts().status, wording())}`);
      // Linux takes a menu only whole, at each change.
      tray.setContextMenu(Menu.buildFromTemplate(next.rows.map((row) => menuItem(row, act))));
      shown = next;
    } catch (error) {
      complain(`the tray icon cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  function changed(): void {
    if (waiting === undefined) waiting = setTimeout(draw, PACE_MS);
  }

  nativeTheme.on('updated', changed);
  draw();
  tray?.on('click', () => act({ what: 'open' }));
  return changed;
}

function menuItem(row: TrayRow, act: (action: TrayAction) => void): MenuItemConstructorOptions {
  if (row.kind === 'line') return { type: 'separator' };
  if (row.kind === 'words') return { label: row.label, enabled: false };
  return { label: row.label, click: () => act(row.action) };
}

function look(): string {
  if (process.platform === 'darwin') return 'Template';
  return nativeTheme.shouldUseDarkColors ? 'dark' : 'light';
}
