import { type IpcMainEvent, ipcMain, type WebContents } from 'electron';
import { BRIDGE_CHANNEL, type MainMessage, type PageMessage } from '../../../shared/ipc/bridge.ts';
import { createAllowance } from '../../control/allowance.ts';
import type { KeptService } from '../service-thread/keep-service.ts';
import type { ServiceLine } from '../service-thread/open-lines.ts';
import { isOurFrame } from './origin.ts';
import { pageMessageSchema } from './page-message.ts';

/** Lines of one page at once; it has one, and while a lost one ends a second. */
const MOST_LINES = 4;
/** Complaints about messages: somebody who sends a million bad ones gets no more lines than these. */
const COMPLAINTS = { burst: 10, perSecond: 0.1 } as const;

export interface BridgeOptions {
  /** The contents of the one window that may speak to us; undefined while there is none. */
  readonly page: () => WebContents | undefined;
  readonly service: Pick<KeptService, 'open'>;
  readonly complain: (message: string) => void;
}

/** Lets the window's page reach the contract. The only place that listens to Electron's IPC. */
export function openBridge({ page, service, complain }: BridgeOptions): { readonly forgetPage: () => void } {
  const lines = new Map<number, ServiceLine>();
  const mayComplain = createAllowance(COMPLAINTS);

  function refuse(event: IpcMainEvent, why: string): void {
    if (mayComplain())
      complain(`a message from ${event.senderFrame?.url ?? 'a page that is gone'} was refused: ${why}`);
  }

  function open(line: number, sender: WebContents): string | undefined {
    if (lines.has(line) || lines.size >= MOST_LINES) return `it has ${lines.size} lines open`;
    const post = (message: MainMessage) => {
      if (!sender.isDestroyed()) sender.send(BRIDGE_CHANNEL, message);
    };
    const opened = service.open({
      frames: (frames) => post({ line, frames }),
      closed() {
        lines.delete(line);
        post({ line, closed: true });
      },
    });
    lines.set(line, opened);
    return undefined;
  }

  function take(message: PageMessage, sender: WebContents): string | undefined {
    if ('open' in message) return open(message.open, sender);
    if ('close' in message) {
      const line = lines.get(message.close);
      lines.delete(message.close);
      line?.close();
    } else if ('frame' in message) lines.get(message.line)?.frame(message.frame);
    else lines.get(message.line)?.read(message.read);
    return undefined;
  }

  ipcMain.on(BRIDGE_CHANNEL, (event, message: unknown, ...more: unknown[]) => {
    if (event.sender !== page() || !isOurFrame(event.senderFrame)) return refuse(event, 'only our window may send any');
    const parsed = pageMessageSchema.safeParse(message);
    if (!parsed.success || more.length > 0) return refuse(event, 'it is not as the bridge says');
    const why = take(parsed.data, event.sender);
    if (why !== undefined) refuse(event, why);
  });
  return {
    forgetPage() {
      const all = [...lines.values()];
      lines.clear();
      for (const line of all) line.close();
    },
  };
}
