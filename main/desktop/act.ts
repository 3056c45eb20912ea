import { app, clipboard, shell } from 'electron';
import type { OwnClient } from './own-client.ts';
import type { TrayAction } from './tray/tray-menu.ts';

export interface ActDeps {
  readonly client: () => OwnClient | undefined;
  /** Shows the window, at an address of its page. */
  readonly show: (address?: string) => void;
  readonly complain: (message: string) => void;
}

/** Does what was chosen in the tray's menu. */
export function actOn(action: TrayAction, { client, show, complain }: ActDeps): void {
  if (action.what === 'open') show(action.address);
  else if (action.what === 'copy') clipboard.writeText(action.text);
  else if (action.what === 'show-file') shell.showItemInFolder(action.path);
  else if (action.what === 'quit') app.quit();
  else {
    // How each goes on is in the window; containers stay as they are.
    show('/allow-list');
    for (const image of action.images) void refresh(image, client(), complain);
  }
}

async function refresh(image: string, client: OwnClient | undefined, complain: ActDeps['complain']): Promise<void> {
  const answer = await client?.request('startRefresh', { image, containers: 'keep' });
  if (answer?.ok === false) complain(answer.error.message);
}
