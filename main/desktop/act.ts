import { clipboard, shell } from 'electron';
import type { Address } from '../../shared/ipc/address.ts';
import type { Answer } from '../../shared/ipc/contract.ts';
import type { OwnClient } from './own-client.ts';
import type { TrayAction } from './tray/tray-menu.ts';

export interface ActDeps {
  readonly client: () => OwnClient | undefined;
  /** Shows the window, at an address of its page. */
  readonly show: (address?: Address) => void;
  /** Ends the app, once the user knows what that means. */
  readonly quit: () => void;
  readonly complain: (message: string) => void;
}

/** Does what was chosen in the tray's menu. */
export function actOn(action: TrayAction, { client, show, quit, complain }: ActDeps): void {
  if (action.what === 'open') show(action.address);
  else if (action.what === 'copy') clipboard.writeText(action.text);
  else if (action.what === 'show-file') shell.showItemInFolder(action.path);
  else if (action.what === 'quit') quit();
  else if (action.what === 'observe') void told(client()?.request('observe', { minutes: action.minutes }), complain);
  else if (action.what === 'enforce') void told(client()?.request('enforce', {}), complain);
  else {
    // How each goes on is in the window; containers stay as they are.
    show({ page: 'allow-list', values: {} });
    for (const image of action.images) {
      void told(client()?.request('startRefresh', { image, containers: 'keep' }), complain);
    }
  }
}

/** What came of it is in the window and in the tray; that nothing came of it is not. */
async function told(asked: Promise<Answer<unknown>> | undefined, complain: ActDeps['complain']): Promise<void> {
  const answer = await asked;
  if (answer?.ok === false) complain(answer.error.message);
}
