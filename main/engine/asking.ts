import { Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { inspect } from 'node:util';
import type Dockerode from 'dockerode';
import type { EngineEndpoint } from './endpoint.ts';

/** How long the engine may take for a question of ours about its own objects. */
const QUESTION_MS = 60_000;

/** A failure that the engine reported, or that kept us from reaching it. */
export class EngineError extends Error {
  /** HTTP status; undefined when the engine was not reached. */
  readonly status: number | undefined;

  constructor(status: number | undefined, message: string) {
    super(message);
    this.status = status;
  }
}

/** Whether a question failed because the engine is away, or we are about to stop: no fault of anybody's. */
export function isAway(error: unknown): boolean {
  return error instanceof EngineError && error.status === undefined;
}

/** Two ways to the same engine, which can be cut off together. */
export interface EngineConnections {
  /** For questions: a connection on which nothing comes for too long is closed. */
  forQuestions(): Promise<Dockerode>;
  /** For streams that may be silent for days. */
  forStreams(): Promise<Dockerode>;
  /** Ends what is open; what is asked from now on fails. */
  close(): void;
}

declare module 'node:http' {
  interface Agent {
    /** How Node hands requests to their agent. The libraries of agents build on it, though no manual names it. */
    addRequest(request: ClientRequest, ...where: readonly unknown[]): void;
  }
}

/** Makes up for what docker-modem leaves out. */
class QuestionAgent extends Agent {
  /** It would wait for ever for the rest of an answer that breaks off: it hears of the request only. */
  override addRequest(request: ClientRequest, ...where: readonly unknown[]): void {
    request.once('response', (answer: IncomingMessage) => {
      answer.once('close', () => {
        if (!answer.complete) request.emit('error', new Error('the connection ended in the middle of an answer'));
      });
    });
    super.addRequest(request, ...where);
  }

  /**
   * It makes a text of its options for each question, for a debug line that nobody reads, and goes into everything that
   * hangs on the agent: 20 ms of the processor where eight connections are open.
   */
  [inspect.custom](): string {
    return 'Agent';
  }
}

export function engineConnections(endpoint: EngineEndpoint): EngineConnections {
  // Not Node's own: so it can be closed, and a process that stops does not wait for an engine that hangs. Without the
  // time-out of that one, which on a busy machine is over before a connection is used.
  const agent = new QuestionAgent({ keepAlive: true, maxFreeSockets: 4 });
  const loaded = new Map<number | undefined, Promise<Dockerode>>();
  let isClosed = false;
  const load = async (timeout: number | undefined): Promise<Dockerode> => {
    if (isClosed) throw new EngineError(undefined, 'Lockkeeper is about to stop');
    const docker = loaded.get(timeout) ?? loadDockerode(endpoint, agent, timeout);
    loaded.set(timeout, docker);
    return docker;
  };
  return {
    // A little later than `ask` gives up, whose words are better.
    forQuestions: () => load(QUESTION_MS + 1_000),
    forStreams: () => load(undefined),
    close() {
      isClosed = true;
      agent.destroy();
    },
  };
}

/** Loading costs about 100 ms and 22 MB, so it waits until the engine is first asked something. */
async function loadDockerode(endpoint: EngineEndpoint, agent: Agent, timeout: number | undefined): Promise<Dockerode> {
  const { default: Docker } = await import('dockerode');
  // Everything is given, so that DOCKER_HOST and its kin in our environment (which may lead to ourselves) do not count.
  const settled = { protocol: 'http' as const, pathPrefix: '/', ca: undefined, cert: undefined, key: undefined };
  const where =
    endpoint.kind === 'socket'
      ? { host: undefined, port: undefined, socketPath: endpoint.path }
      : { host: endpoint.host, port: endpoint.port };
  return new Docker({ ...settled, ...where, agent, timeout } as unknown as Dockerode.DockerOptions);
}

/** Waits for an answer with patience; what goes wrong is an {@link EngineError}. */
export async function ask<T>(question: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new EngineError(undefined, `no answer within ${QUESTION_MS / 1000} s`)),
      QUESTION_MS,
    );
  });
  try {
    return await Promise.race([question, late]);
  } catch (error) {
    throw asEngineError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** The same, where "not found" is an answer. */
export async function found<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await ask(question);
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined;
    throw error;
  }
}

function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const { statusCode, json, message } = error as { statusCode?: number; json?: { message?: string }; message?: string };
  return new EngineError(statusCode, json?.message ?? message ?? String(error));
}

/** Hands on the lines of a stream until it ends. */
export async function followLines(stream: AsyncIterable<Buffer>, onLine: (line: string) => void): Promise<void> {
  let held = '';
  for await (const bytes of stream) {
    const lines = (held + bytes.toString()).split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(line);
  }
}
