import type { TFunction } from 'i18next';
import type { Status } from '../../../shared/ipc/status.ts';
import { printable } from '../../cli/output.ts';

/** What stops working when the app ends. */
export interface AtStake {
  /** Containers with a filtered socket, by what they are made of. */
  readonly holders: readonly Pick<Status['holders'][number], 'image'>[];
  /** The selected docker context, where that leads to Lockkeeper, and the one that can be set back to. */
  readonly context?: { readonly name: string; readonly before: string };
}

export type QuitChoice = 'leave-context' | 'quit' | 'stay';

export interface QuitQuestion {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly { readonly label: string; readonly choice: QuitChoice }[];
}

/** So many images are named; all that they are is counted. */
const MOST_IMAGES = 3;
const LONGEST_NAME = 80;

/** What is asked before the app ends; undefined where nothing would stop working. */
export function quitQuestion({ holders, context }: AtStake, t: TFunction): QuitQuestion | undefined {
  const parts = [
    ...(holders.length === 0 ? [] : [t('desktop.quit.holders', { count: holders.length, images: imagesOf(holders) })]),
    ...(context === undefined ? [] : [t('desktop.quit.context', { context: shown(context.name) })]),
  ];
  if (parts.length === 0) return undefined;
  const back = (before: string) => t('desktop.quit.leaveContext', { before: shown(before) });
  return {
    message: t('desktop.quit.title'),
    detail: [...parts, t('desktop.quit.closed')].join('\n\n'),
    buttons: [
      ...(context === undefined ? [] : [{ label: back(context.before), choice: 'leave-context' } as const]),
      ...endOrStay(t),
    ],
  };
}

/** The docker context was to be set back, and that did not work. */
export function notLeftQuestion(problem: string, before: string, t: TFunction): QuitQuestion {
  return {
    message: t('desktop.quit.notLeft'),
    detail: `${printable(problem)}\n\n${t('desktop.quit.byHand', { before: shown(before) })}`,
    buttons: endOrStay(t),
  };
}

function endOrStay(t: TFunction): QuitQuestion['buttons'] {
  return [
    { label: t('desktop.quit.quit'), choice: 'quit' },
    { label: t('desktop.quit.stay'), choice: 'stay' },
  ];
}

function imagesOf(holders: AtStake['holders']): string {
  const images = [...new Set(holders.map(({ image }) => shown(image)))];
  return [...images.slice(0, MOST_IMAGES), ...(images.length > MOST_IMAGES ? ['…'] : [])].join(', ');
}

function shown(name: string): string {
  const text = printable(name);
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1)}…` : text;
}
