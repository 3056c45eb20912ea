import { shell } from 'electron';
import { mayOpenOutside } from './outside.ts';

/** The one door to the user's browser. What is not on the list stays shut, without a word to the page. */
export function openOutside(url: string): void {
  if (mayOpenOutside(url)) void shell.openExternal(url).catch(() => undefined);
}
