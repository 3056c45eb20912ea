import type { OperationId } from '../engine-api/operation.ts';
import { createBody } from './create-body.ts';
import type { DockerLine } from './docker-line.ts';
import { isSet, lastOf } from './parse-flags.ts';
import { type Plan, type PlannedRequest, type PlanResult, requestFor } from './planned-request.ts';
import { pullQuery } from './pull-query.ts';

/** `docker create`: the create, and where the image is not there a pull and the create again. */
export function createPlan(line: DockerLine, folder: string): PlanResult {
  const made = createBody(line.flags, line.args, folder);
  if (!made.ok) return made;
  const [image = ''] = line.args;
  const name = lastOf(line.flags, 'name');
  const platform = lastOf(line.flags, 'platform');
  const query = { ...(name !== undefined && { name }), ...(platform !== undefined && { platform }) };
  const body = JSON.stringify(made.body);
  const create = requestFor('ContainerCreate', { query, body });
  const pull = requestFor('ImagePull', { query: pullQuery(image) });
  if (create === undefined || pull === undefined) throw new Error('the engine has no route for create or pull');
  const requests = inOrder(lastOf(line.flags, 'pull') ?? 'missing', create, pull);
  return { ok: true, plan: { requests, image, notes: [] } };
}

function inOrder(policy: string, create: PlannedRequest, pull: PlannedRequest): readonly PlannedRequest[] {
  if (policy === 'always') return [pull, create];
  if (policy === 'never') return [create];
  const absent = { condition: 'image-absent', why: 'the image is not there' } as const;
  return [create, { ...pull, ...absent }, { ...create, ...absent }];
}

/** A create body as the API takes it, asked for by whatever client; `image` is the one that it names, if any. */
export function apiCreatePlan(body: string, image: string | undefined): Plan {
  const create = requestFor('ContainerCreate', { body });
  const pull = image === undefined ? undefined : requestFor('ImagePull', { query: pullQuery(image) });
  if (create === undefined) throw new Error('the engine has no route for create');
  if (image === undefined || pull === undefined) return { requests: [create], notes: [] };
  return { requests: inOrder('missing', create, pull), image, notes: [] };
}

/** `docker run`: as `docker create`, and then what makes the container run, all of it on the container just created. */
export function runPlan(line: DockerLine, folder: string): PlanResult {
  const created = createPlan(line, folder);
  if (!created.ok) return created;
  const { flags } = line;
  const subject = lastOf(flags, 'name') ?? 'CREATED';
  const isAttached = !isSet(flags, 'detach');
  const always: readonly OperationId[] = [
    ...(isAttached ? (['ContainerAttach'] as const) : []),
    'ContainerWait',
    'ContainerStart',
  ];
  const sometimes: readonly (readonly [OperationId, string])[] = [
    ...(isSet(flags, 'tty') && isAttached ? [['ContainerResize', 'on a terminal'] as const] : []),
    ...(isAttached ? [['ContainerKill', 'when the client is given a signal'] as const] : []),
    ...(isSet(flags, 'use-api-socket')
      ? [['ContainerArchivePut', 'when the client has registry credentials'] as const]
      : []),
    ['ContainerDelete', 'when the start fails'],
  ];
  const requests = [
    ...always.flatMap((op) => requestFor(op, { subject, ofCreated: true }) ?? []),
    ...sometimes.flatMap(
      ([op, why]) => requestFor(op, { subject, ofCreated: true, condition: 'sometimes', why }) ?? [],
    ),
  ];
  return { ok: true, plan: { ...created.plan, requests: [...created.plan.requests, ...requests] } };
}
