import { dirname } from 'node:path';
import type { Listener } from '../../shared/decision/listener.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import { malformedEvent } from '../enforcement/decision-event.ts';
import { connectEngine, type EngineEndpoint } from '../engine/endpoint.ts';
import type { Gate } from '../gate/gate.ts';
import { type GateSocket, listenAt } from '../gate/listen.ts';
import type { Places } from '../gate/places.ts';
import { turningAway } from '../gate/turn-away.ts';
import { prepareFolder } from '../state/state-folder.ts';
import { type LastingSocket, lastingSocket } from './lasting-socket.ts';
import type { Limits } from './limits.ts';
import type { UndoList } from './undo-list.ts';

export interface GatesDeps {
  readonly endpoint: EngineEndpoint;
  readonly enforce: Gate['enforce'];
  readonly record: (event: EventBody) => void;
  readonly failed: (error: unknown) => void;
  readonly limits: Pick<Limits, 'inspectedBodyBytes'>;
  readonly places: Places;
}

export type GateOpener = (path: string, listener: () => Listener) => Promise<GateSocket>;

/** Opens a listener of any kind: they differ in who is behind them and in nothing else. */
export function gateOpener(deps: GatesDeps): GateOpener {
  // One for all sockets, as what it may take is.
  const turnAway = turningAway();
  return (path, listener) => {
    const gate: Gate = {
      listener,
      enforce: deps.enforce,
      malformed: (sent, answer, from) => deps.record(malformedEvent(sent, answer, from)),
      inspectedBodyBytes: deps.limits.inspectedBodyBytes,
      connectEngine: () => connectEngine(deps.endpoint),
      failed: deps.failed,
    };
    return listenAt(path, gate, deps.places.ofSocket(path), turnAway);
  };
}

/** The sockets of ours on the host, which are opened again when their files are taken away. */
export interface HostSockets {
  readonly all: readonly LastingSocket[];
  lasting(path: string, open: Parameters<typeof lastingSocket>[1]): Promise<void>;
  /** The host gate last: who finds it open finds everything in place. */
  openGates(open: GateOpener, hostGate: string, standing: readonly string[]): Promise<void>;
}

export function hostSockets(undo: UndoList): HostSockets {
  const all: LastingSocket[] = [];
  const lasting: HostSockets['lasting'] = async (path, open) => {
    const socket = await lastingSocket(path, open);
    undo.add(() => socket.close());
    all.push(socket);
  };
  return {
    all,
    lasting,
    async openGates(open, hostGate, standing) {
      for (const path of standing) {
        await lasting(path, () => openHostSocket(open, path, 'standing socket', { kind: 'standing-socket', path }));
      }
      await lasting(hostGate, () => openHostSocket(open, hostGate, 'host gate', { kind: 'host-gate' }));
    },
  };
}

/** A socket for tools on the host, in a folder that is private when we make it. */
async function openHostSocket(
  open: GateOpener,
  path: string,
  what: string,
  listener: Listener,
): Promise<{ close(): Promise<void> }> {
  if (process.platform !== 'win32') {
    const folder = await prepareFolder(dirname(path), `folder of the ${what}`, { uid: process.getuid?.() });
    if (!folder.ok) throw new Error(folder.message);
  }
  const socket = await open(path, () => listener);
  return { close: () => socket.close({ cut: true }) };
}
