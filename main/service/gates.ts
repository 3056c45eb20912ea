import { dirname } from 'node:path';
import type { Listener } from '../../shared/decision/listener.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import { malformedEvent } from '../enforcement/decision-event.ts';
import { connectEngine, type EngineEndpoint } from '../engine/endpoint.ts';
import type { Gate } from '../gate/gate.ts';
import { type GateSocket, listenAt } from '../gate/listen.ts';
import { prepareFolder } from '../state/state-folder.ts';

export interface GatesDeps {
  readonly endpoint: EngineEndpoint;
  readonly enforce: Gate['enforce'];
  readonly record: (event: EventBody) => void;
  readonly failed: (error: unknown) => void;
}

/** Opens a listener of any kind: they differ in who is behind them and in nothing else. */
export function gateOpener(deps: GatesDeps) {
  return (path: string, mode: number, listener: () => Listener): Promise<GateSocket> =>
    listenAt(path, mode, {
      listener,
      enforce: deps.enforce,
      malformed: (sent, answer, from) => deps.record(malformedEvent(sent, answer, from)),
      connectEngine: () => connectEngine(deps.endpoint),
      failed: deps.failed,
    });
}

/** The mode of sockets for tools on the host: for the user who runs us and nobody else. */
const OWNER_ONLY = 0o600;

/** A socket for tools on the host, in a folder that is private when we make it. */
export async function openHostSocket(
  open: ReturnType<typeof gateOpener>,
  path: string,
  what: string,
  listener: Listener,
): Promise<{ close(): Promise<void> }> {
  if (process.platform !== 'win32') {
    const folder = await prepareFolder(dirname(path), `folder of the ${what}`, { uid: process.getuid?.() });
    if (!folder.ok) throw new Error(folder.message);
  }
  const socket = await open(path, OWNER_ONLY, () => listener);
  return { close: () => socket.close({ cut: true }) };
}
