import type { DescribedCommand } from '../../../shared/ipc/policy.ts';

export const shows = ['all', 'blocked', 'allowed'] as const;
export type Show = (typeof shows)[number];

export function isShow(text: string | undefined): text is Show {
  return shows.some((show) => show === text);
}

/** By name, other names, and the requests behind it, so that `/images/` finds whatever asks for images. */
export function fitsFilter(command: DescribedCommand, show: Show, filter: string): boolean {
  const isBlocked = command.verdict === 'blocked';
  if (show !== 'all' && isBlocked !== (show === 'blocked')) return false;
  const texts = [command.name, ...command.aliases, ...command.operations.map(({ request }) => request)];
  return texts.some((text) => text.toLowerCase().includes(filter.trim().toLowerCase()));
}
