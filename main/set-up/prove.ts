import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { SetUpCheck } from '../../shared/ipc/set-up.ts';
import type { Decided } from '../enforcement/enforce.ts';
import type { EngineEndpoint } from '../engine/endpoint.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import { finding } from './finding.ts';
import { createBody } from './supposed-create.ts';

export interface ProveDeps {
  readonly engine: Pick<EngineClient, 'taggedImages' | 'removeContainer'>;
  readonly endpoint: EngineEndpoint;
  /** Path of the host gate. */
  readonly gate: string;
  /** What would become of such a create from the host. */
  readonly decide: (image: string) => Promise<Decided>;
}

/** Images that are asked about until one is found that may have no socket. */
const MOST_IMAGES = 50;
const ANSWER_MS = 30_000;

/**
 * Has a real create through the host gate refused, with an image of this machine that may have no socket. Were it let
 * through, the container would be removed before anybody could start it.
 */
export async function proveBlockedMount(deps: ProveDeps): Promise<SetUpCheck> {
  try {
    const image = await refusedImage(deps);
    if (image === undefined)
      return finding('blocked-mount', 'unknown', 'no-image', {}, { command: 'docker pull hello-world' });
    const { status, message, id } = await create(deps, image);
    if (id !== undefined) await deps.engine.removeContainer(id);
    if (status === 403) return finding('blocked-mount', 'pass', 'refused', { image, message });
    if (id !== undefined) return finding('blocked-mount', 'fail', 'let-through', { image });
    return finding('blocked-mount', 'unknown', 'undecided', { message });
  } catch (error) {
    return finding('blocked-mount', 'unknown', 'undecided', {
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

async function refusedImage({ engine, decide }: ProveDeps): Promise<string | undefined> {
  const tags = (await engine.taggedImages()).flatMap((image) => image.tags).filter((tag) => !tag.startsWith('<none>'));
  for (const tag of tags.slice(0, MOST_IMAGES)) {
    const decision = await decide(tag);
    if (decision.kind === 'refuse' && decision.refusal.status === 403) return tag;
  }
  return undefined;
}

interface Created {
  readonly status: number;
  readonly message: string;
  /** Of the container that was created. */
  readonly id: string | undefined;
}

function create({ gate, endpoint }: ProveDeps, image: string): Promise<Created> {
  const body = createBody(image, endpoint);
  const name = `lockkeeper-proof-${randomBytes(4).toString('hex')}`;
  return new Promise((resolve, reject) => {
    const asking = request({
      socketPath: gate,
      method: 'POST',
      path: `/containers/create?name=${name}`,
      headers: { Host: 'docker', 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
      timeout: ANSWER_MS,
      agent: false,
    });
    asking.on('response', (answer) => {
      text(answer)
        .then((sent) => created(answer.statusCode ?? 0, sent))
        .then(resolve, reject);
    });
    asking.on('timeout', () => asking.destroy(new Error(`${gate} has not answered within ${ANSWER_MS / 1000} s`)));
    asking.on('error', reject);
    asking.end(body);
  });
}

function created(status: number, sent: string): Created {
  const { Id, message } = JSON.parse(sent) as { Id?: unknown; message?: unknown };
  return { status, message: String(message ?? ''), id: typeof Id === 'string' ? Id : undefined };
}
