import type { Run } from '../stage/run.ts';
import type { AttackRequest } from '../wire/message.ts';

/** `POST /containers/create` of the run's container. */
export function create(
  run: Run,
  body: object | string,
  options: { ending?: string; version?: string } = {},
): AttackRequest {
  const path = `${options.version ?? ''}/containers/create?name=${run.name}${options.ending ?? ''}`;
  const isWhole = typeof body === 'string' || body instanceof Uint8Array;
  const json = isWhole ? body : { Image: run.stage.image, Cmd: ['/bin/busybox', 'sleep', '600'], ...body };
  return { method: 'POST', path, json };
}

export function post(path: string, json?: unknown): AttackRequest {
  return { method: 'POST', path, json };
}

/** An action on the run's container. */
export function act(run: Run, action: string, json?: unknown): AttackRequest {
  return post(`/containers/${run.name}/${action}`, json);
}
