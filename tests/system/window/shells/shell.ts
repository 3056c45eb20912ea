import type { ElectronApplication, Page } from 'playwright';
import type { SettingsWords } from '../../running.ts';

export interface WindowOptions {
  readonly shell?: ShellName;
  /** The program of a package, to be started in place of the sources: in Electron. */
  readonly packaged?: string;
  readonly settings?: SettingsWords | string;
  /** Has no `--settings`: the settings are the user's own, as long as this machine has no administrator's. */
  readonly isUsers?: boolean;
  /** As at the very first start; otherwise somebody has been through the first run. */
  readonly isFirstRun?: boolean;
  readonly language?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly env?: Readonly<Record<string, string>>;
}

/** What shows the window: a browser that came by a link, or the desktop app. */
export type ShellName = 'Chromium' | 'Electron';

/** What a shell is started with. */
export interface ShellStart {
  /** Options of the service: engine, sockets, state and settings. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of all that the window has on disk. */
  readonly folder: string;
  readonly options: WindowOptions;
}

/** Lockkeeper, with the window open in a shell. */
export interface OpenShell {
  readonly page: Page;
  /** Where the page is now, without a token. */
  readonly address: string;
  /** What the page wrote to its console, and what failed in it. */
  readonly complaints: readonly string[];
  /** The desktop app's main process; absent in a browser, and in a package, whose fuses keep debuggers out of it. */
  readonly app?: ElectronApplication | undefined;
  /** In a browser it comes back at the same port, which the open page waits for, or at another. */
  restart(port?: 'same' | 'other'): Promise<void>;
  close(): Promise<void>;
}

/** Collects what a page complains of. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}
