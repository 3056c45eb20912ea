import { contextBridge, ipcRenderer } from 'electron';
import { BRIDGE_CHANNEL, BRIDGE_NAME, type Bridge, type MainMessage, type PageMessage } from '../shared/ipc/bridge.ts';

interface Ends {
  readonly frames: (texts: readonly string[]) => void;
  readonly closed: () => void;
}

const lines = new Map<number, Ends>();
let last = 0;

function post(message: PageMessage): void {
  ipcRenderer.send(BRIDGE_CHANNEL, message);
}

/** Told here and not when the main process agrees: a page that closed a line is done with it. */
function closed(line: number): void {
  const ends = lines.get(line);
  lines.delete(line);
  ends?.closed();
}

ipcRenderer.on(BRIDGE_CHANNEL, (_event, message: MainMessage) => {
  if ('closed' in message) return closed(message.line);
  lines.get(message.line)?.frames(message.frames);
  post({ line: message.line, read: message.frames.length });
});

const bridge: Bridge = {
  open(frames, whenClosed) {
    last += 1;
    const line = last;
    lines.set(line, { frames, closed: whenClosed });
    post({ open: line });
    return {
      send(text) {
        if (lines.has(line)) post({ line, frame: text });
      },
      close() {
        if (!lines.has(line)) return;
        post({ close: line });
        closed(line);
      },
    };
  },
};

// Functions of the page are called, and called by the page, through Electron's copies: neither world gets at the other.
contextBridge.exposeInMainWorld(BRIDGE_NAME, bridge);
