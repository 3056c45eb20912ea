import { constants, setPriority } from 'node:os';
import { app, type WebContents } from 'electron';

/**
 * Where the processors are busy, the gate comes first: Chromium's processes run at a lower priority than this one, in
 * which every request of every tool passes. On a machine with a core to spare nobody notices.
 */
export function yieldToGate(contents: WebContents): void {
  // A page has another process after a crash, and the others come with the first page.
  contents.on('did-finish-load', () => {
    for (const { pid, type } of app.getAppMetrics()) if (type !== 'Browser') lower(pid);
  });
}

function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended meanwhile, or the system does not have it: the window is as before.
  }
}
