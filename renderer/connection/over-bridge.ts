import { BRIDGE_NAME, type Bridge } from '../../shared/ipc/bridge.ts';
import type { OpenLine } from './reconnecting.ts';

/** The bridge to the desktop app that this page is in; undefined where it is in a browser. */
export function bridgeHere(): Bridge | undefined {
  return (globalThis as { readonly [BRIDGE_NAME]?: Bridge })[BRIDGE_NAME];
}

/** Reaches the desktop app whose window this page is. */
export function overBridge(bridge: Bridge): OpenLine {
  return ({ frame, closed }) => {
    let isOpen = true;
    const line = bridge.open(
      (texts) => {
        for (const text of texts) if (isOpen) frame(text);
      },
      () => {
        isOpen = false;
        closed(false);
      },
    );
    return {
      send(text) {
        if (isOpen) line.send(text);
        return isOpen;
      },
      close: line.close,
    };
  };
}
