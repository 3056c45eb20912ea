import { app, Menu, type MenuItemConstructorOptions } from 'electron';

export interface AppMenuOptions {
  readonly quitLabel: string;
  readonly quit: () => void;
}

/** Electron's own menu has items that lead out of the window. macOS takes copying and quitting from the menu. */
export function setAppMenu(options: AppMenuOptions): void {
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate(macMenu(options)) : null);
}

/** As Electron's `appMenu`, but that quitting says first what stops working. */
function macMenu({ quitLabel, quit }: AppMenuOptions): MenuItemConstructorOptions[] {
  const submenu: MenuItemConstructorOptions[] = [
    { role: 'about' },
    { type: 'separator' },
    { role: 'services' },
    { type: 'separator' },
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    { type: 'separator' },
    { label: quitLabel, accelerator: 'Command+Q', click: quit },
  ];
  return [{ label: app.getName(), submenu }, { role: 'editMenu' }, { role: 'windowMenu' }];
}
