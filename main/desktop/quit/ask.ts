import { app, dialog } from 'electron';
import type { QuitChoice, QuitQuestion } from './question.ts';

/** Asks in a box of the system, which needs no window of ours. Closed without a button, the app stays. */
export async function askInBox({ message, detail, buttons }: QuitQuestion): Promise<QuitChoice> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: app.getName(),
    message,
    detail,
    buttons: buttons.map(({ label }) => label),
    defaultId: 0,
    cancelId: buttons.findIndex(({ choice }) => choice === 'stay'),
    noLink: true,
    // Without it GTK takes a `_` in the name of a context for the mark of a key.
    normalizeAccessKeys: true,
  });
  return buttons[response]?.choice ?? 'stay';
}
