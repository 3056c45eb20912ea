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

/** Loading costs about 100 ms and 22 MB, so it waits until the engine is first asked something. */
export async function loadDockerode(endpoint: EngineEndpoint): Promise<Dockerode> {
  const { default: Docker } = await import('dockerode');
  // Everything is given, so that DOCKER_HOST and its kin in our environment (which may lead to ourselves) do not count.
  const settled = { protocol: 'http' as const, pathPrefix: '/', ca: undefined, cert: undefined, key: undefined };
  const where =
    endpoint.kind === 'socket'
      ? { host: undefined, port: undefined, socketPath: endpoint.path }
      : { host: endpoint.host, port: endpoint.port };
  return new Docker({ ...settled, ...where } as unknown as Dockerode.DockerOptions);
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
