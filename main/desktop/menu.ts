import { Menu } from 'electron';

/** Electron's own menu has items that lead out of the window. macOS takes copying and quitting from the menu. */
export function keepMenuOut(): void {
  const isMac = process.platform === 'darwin';
  const roles = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }] as const;
  Menu.setApplicationMenu(isMac ? Menu.buildFromTemplate([...roles]) : null);
}
