import type { MainMessage, PageMessage } from '../../../shared/ipc/bridge.ts';
import type { Greeting, ServeOptions } from '../../service/service-options.ts';

/** What the thread is started with. */
export interface ThreadStart {
  readonly options: ServeOptions;
  /** Whether the app can be started at login: only Electron's own thread can see to that. */
  readonly hasLogin: boolean;
}

/** What the app's thread tells the service's. Lines are numbered by the app, as pages number theirs. */
export type ToThread = { readonly line: PageMessage } | LoginAnswer | { readonly stop: true };

/** What the service's thread tells the app's. */
export type FromThread =
  | { readonly line: MainMessage }
  | { readonly started: Greeting }
  | { readonly stopped: true }
  | { readonly over: { readonly kind: 'title' | 'ended'; readonly message: string } }
  | LoginQuestion;

/** The system's list of what starts at login is asked, or told (`set`). */
export interface LoginQuestion {
  readonly login: number;
  readonly set?: boolean;
}

export type LoginAnswer =
  | { readonly loginAnswer: number; readonly value: boolean | string | undefined }
  | { readonly loginFailed: number; readonly why: string };
