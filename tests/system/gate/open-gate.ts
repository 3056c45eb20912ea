import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEngine, parseEngineUrl } from '../../../main/engine/endpoint.ts';
import type { Answer } from '../../../main/gate/answer.ts';
import type { ArrivedRequest, Gate, Ruling } from '../../../main/gate/gate.ts';
import { listenAt } from '../../../main/gate/listen.ts';
import { openPlaces, type PlaceCounts, type PlaceLimits } from '../../../main/gate/places.ts';
import { keepToOurselves } from '../../../main/sockets/own-mask.ts';
import { eventually } from '../running.ts';

/** A gate in this process, with rules of the test's choice. */
export interface OpenGate {
  readonly path: string;
  readonly url: string;
  /** What was refused as malformed, and the answer it got. */
  readonly malformed: readonly { readonly method: string; readonly path: string; readonly answer: Answer }[];
  /** Failures of the gate itself: none, unless a test makes them. */
  readonly failures: readonly unknown[];
  /** Requests that reached the rules, as method and path. */
  readonly seen: readonly string[];
  places(): PlaceCounts;
  /** Connections to the engine that are open on our side. */
  engineConnections(): number;
  /** Bytes that the open connections to the engine have brought. */
  bytesFromEngine(): number;
  /** Resolves when no connection is left on either side; the test must have closed its own. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;

type Rules = (request: ArrivedRequest) => Promise<Ruling>;

const forwardAll: Rules = async () => ({ kind: 'forward' });

/** Reads every body before it goes on, as for requests that are inspected. */
export const collectAll: Rules = async (request) => {
  const body = await request.readBody();
  if (body.kind === 'refused') {
    return { kind: 'answer', answer: { status: body.status, message: body.problem } };
  }
  return { kind: 'forward' };
};

/** Refuses what asks for this path and lets the rest through. */
export function refusing(pattern: RegExp): Rules {
  return async ({ sentPath }) =>
    pattern.test(sentPath)
      ? { kind: 'answer', answer: { status: 403, message: `not ${sentPath}` } }
      : { kind: 'forward' };
}

export async function openGate(
  engineUrl: string,
  rules: Rules = forwardAll,
  limits: Partial<PlaceLimits> = {},
): Promise<OpenGate> {
  const endpoint = parseEngineUrl(engineUrl);
  if (endpoint.kind === 'refused') throw new Error(endpoint.problem);
  const folder = mkdtempSync(join(tmpdir(), 'lk-gate-'));
  const path = join(folder, 'docker.sock');
  const malformed: { method: string; path: string; answer: Answer }[] = [];
  const failures: unknown[] = [];
  const seen: string[] = [];
  const toEngine = new Set<Socket>();
  const gate: Gate = {
    listener: () => ({ kind: 'host-gate' }),
    enforce(request) {
      seen.push(`${request.head.method} ${request.sentPath}`);
      return rules(request);
    },
    malformed: (sent, answer) => malformed.push({ ...sent, answer }),
    inspectedBodyBytes: () => 4 * MEBIBYTE,
    async connectEngine() {
      const socket = await connectEngine(endpoint);
      toEngine.add(socket);
      socket.once('close', () => toEngine.delete(socket));
      return socket;
    },
    failed: (error) => failures.push(error),
  };
  keepToOurselves();
  const places = openPlaces(() => ({ ofSocket: 1000, inAll: 4000, heldBytes: 32 * MEBIBYTE, ...limits }));
  const listening = await listenAt(path, gate, places.ofSocket(path));
  return {
    path,
    url: `unix://${path}`,
    malformed,
    failures,
    seen,
    places: places.counts,
    engineConnections: () => toEngine.size,
    bytesFromEngine: () => [...toEngine].reduce((sum, socket) => sum + socket.bytesRead, 0),
    async idle() {
      await eventually(async () => toEngine.size === 0, 'no connection to the engine is left').catch((error: Error) => {
        const left = [...toEngine].map(({ bytesWritten, bytesRead }) => `${bytesWritten} bytes out, ${bytesRead} in`);
        throw new Error(`${error.message}; it was asked ${seen.join(', ')}; left are ${left.join(' and ')}`);
      });
      await eventually(async () => acceptedAt(path) === 0, 'no connection of a client is left');
    },
    async close() {
      await listening.close({ cut: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Connections that were accepted at a socket path and are open on that side, as the kernel lists them (proc(5)). */
function acceptedAt(path: string): number {
  const [, ...sockets] = readFileSync('/proc/net/unix', 'utf8').split('\n');
  const LISTENING = '00010000';
  return sockets.filter((line) => line.endsWith(` ${path}`) && line.split(' ')[3] !== LISTENING).length;
}
