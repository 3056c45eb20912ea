import type { TFunction } from 'i18next';
import type { Blocked } from '../tray/tray-facts.ts';
import { due, NOTHING_WAITS, type Notice, withBlocked } from './decide.ts';

export interface NotificationOptions {
  /** The texts in the language that is chosen now. */
  readonly texts: () => TFunction;
  /** Whether the user sees what is blocked in the window now. */
  readonly isSeen: () => boolean;
  /** Shows a notification; `event` is what a click leads to. */
  readonly tell: (title: string, body: string, event: Blocked) => void;
}

/** Tells the user of what was blocked, seldom. Returns what is called with each blocked request. */
export function startNotifications({ texts, isSeen, tell }: NotificationOptions): (event: Blocked) => void {
  let waiting = NOTHING_WAITS;
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    timer = undefined;
    const next = due(waiting, performance.now());
    waiting = next.waiting;
    if (next.notice !== undefined) {
      const t = texts();
      tell(t('desktop.notice.title'), noticeText(next.notice, t), next.notice.event);
    }
    // It keeps nobody from ending: what waits then is in the journal.
    if (next.again !== undefined) timer = setTimeout(look, next.again).unref();
  }

  return (event) => {
    waiting = withBlocked(waiting, event, isSeen());
    if (timer === undefined) look();
  };
}

/** What a notification says. */
export function noticeText(notice: Notice, t: TFunction): string {
  if (notice.kind === 'one') return notice.event.message ?? notice.event.command ?? notice.event.operation;
  const { count, who } = notice;
  return who === undefined ? t('desktop.notice.many', { count }) : t('desktop.notice.manyBy', { count, who });
}
