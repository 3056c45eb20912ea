import type { OpenLine } from './reconnecting.ts';

/** RFC 6455, section 7.4.1: the server does not serve this page (its session is not valid, or not any more). */
const POLICY_VIOLATION = 1008;

/** Reaches the program that served this page. `proof` shows that it is this page that asks. */
export function overWebSocket(location: Location, proof: string | undefined): OpenLine {
  // The first is what both speak; a page can say nothing else when it opens a WebSocket.
  const protocols = ['lockkeeper', ...(proof === undefined ? [] : [proof])];
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return ({ frame, closed }) => {
    const socket = new WebSocket(`${scheme}//${location.host}/contract`, protocols);
    socket.addEventListener('message', ({ data }) => frame(String(data)));
    socket.addEventListener('close', ({ code }) => closed(code === POLICY_VIOLATION));
    return {
      send(text) {
        if (socket.readyState !== WebSocket.OPEN) return false;
        socket.send(text);
        return true;
      },
      close: () => socket.close(),
    };
  };
}
