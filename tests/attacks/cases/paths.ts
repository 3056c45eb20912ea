import { exists, inspect } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { pushable, pushed } from '../build-attack/push.ts';
import { COMMAND, either, MALFORMED, MOUNT, wayOut } from '../build-attack/reasons.ts';
import type { Run } from '../stage/run.ts';
import { head } from '../wire/message.ts';

const refusal = either(COMMAND, MALFORMED);

interface Path {
  readonly id: string;
  readonly title: string;
  readonly quick?: boolean;
  /** Request line without its version. */
  readonly line: (run: Run, image: string) => string;
  readonly fields?: readonly string[];
}

/** `POST /images/{name}/push`, in some spelling; the registry tells whether it came. */
function pushing({ line, fields = [], ...described }: Path): Attack {
  return {
    ...described,
    missing: ({ stage }) => (stage.registry === undefined ? 'no --registry was given' : undefined),
    prepare: pushable,
    attempt: (door, run) => {
      const auth = `X-Registry-Auth: ${Buffer.from('{}').toString('base64')}`;
      const lines = [`${line(run, run.kept.get('image') ?? '')} HTTP/1.1`, 'Host: docker', auth, 'Content-Length: 0'];
      return door.raw(head([...lines, 'Connection: close', ...fields]));
    },
    happened: pushed,
    refusal,
  };
}

/** `POST /containers/create` with the socket, in some spelling. */
function creatingAt({ line, fields = [], ...described }: Path): Attack {
  return {
    ...described,
    attempt(door, run) {
      const HostConfig = { Binds: [`${run.engine.socket}:/x`] };
      const body = JSON.stringify({ Image: run.stage.image, Cmd: ['/bin/busybox'], HostConfig });
      const type = ['Content-Type: application/json', `Content-Length: ${body.length}`];
      const lines = [`${line(run, '')} HTTP/1.1`, 'Host: docker', ...type, 'Connection: close', ...fields];
      return door.raw(head(lines), body);
    },
    happened: async (run) => (await inspect(run)) !== undefined,
    refusal: either(refusal, MOUNT, wayOut('bind-outside')),
  };
}

/** An image that comes about by `POST /images/create`, which the query makes a pull or an import. */
const pulling = (id: string, title: string, query: (run: Run) => string): Attack => ({
  id,
  title,
  missing: ({ stage }) => (stage.denied.has('import') ? undefined : 'import is not among the --denied commands'),
  attempt: (door, run) => door.send({ method: 'POST', path: `/images/create?${query(run)}`, tar: Buffer.alloc(1024) }),
  happened: (run) => exists(run, `/images/${run.name}:latest/json`),
  refusal,
});

export const paths: AttackClass = {
  name: 'paths',
  forbids: 'a denied request goes on because its target is spelled otherwise',
  attacks: [
    pushing({
      id: 'encoded-verb',
      title: 'percent-encodes the verb',
      quick: true,
      line: (_run, image) => `POST /v1.41/images/${image}/%70%75sh`,
    }),
    pushing({
      id: 'encoded-slash',
      title: 'percent-encodes the slashes and colons of the name',
      quick: true,
      line: (_run, image) => `POST /v1.41/images/${encodeURIComponent(image)}/push`,
    }),
    pushing({
      id: 'encoded-all',
      title: 'percent-encodes the whole path',
      line: (_run, image) => `POST ${everyByte(`/v1.41/images/${image}/push`)}`,
    }),
    pushing({
      id: 'no-version',
      title: 'names no version',
      quick: true,
      line: (_run, image) => `POST /images/${image}/push`,
    }),
    pushing({
      id: 'old-version',
      title: 'names the oldest version',
      line: (_run, image) => `POST /v1.25/images/${image}/push`,
    }),
    pushing({
      id: 'odd-version',
      title: 'names a version with more dots',
      line: (_run, image) => `POST /v1.41.0/images/${image}/push`,
    }),
    pushing({
      id: 'double-slash',
      title: 'doubles a slash',
      line: (_run, image) => `POST /v1.41//images/${image}/push`,
    }),
    pushing({
      id: 'dot-segment',
      title: 'goes round by a dot segment',
      line: (_run, image) => `POST /v1.41/containers/../images/${image}/push`,
    }),
    pushing({
      id: 'encoded-dot-segment',
      title: 'goes round by an encoded dot segment',
      line: (_run, image) => `POST /v1.41/containers/%2e%2e/images/${image}/push`,
    }),
    pushing({
      id: 'absolute',
      title: 'uses the absolute form',
      quick: true,
      line: (_run, image) => `POST http://docker/v1.41/images/${image}/push`,
    }),
    pushing({
      id: 'other-host',
      title: 'uses the absolute form with another host',
      line: (_run, image) => `POST http://other/images/${image}/push`,
    }),
    pushing({
      id: 'upper-case',
      title: 'writes the version in upper case',
      line: (_run, image) => `POST /V1.41/images/${image}/push`,
    }),
    pushing({
      id: 'query-question',
      title: 'has a second question mark and an encoded key',
      line: (_run, image) => `POST /v1.41/images/${image}/push?a?%74ag=latest&tag=`,
    }),
    pushing({
      id: 'semicolon',
      title: 'has a semicolon in the query',
      line: (_run, image) => `POST /v1.41/images/${image}/push?tag=latest;x=1`,
    }),
    pushing({
      id: 'fragment',
      title: 'ends with a fragment',
      line: (_run, image) => `POST /v1.41/images/${image}/push#/json`,
    }),
    pushing({
      id: 'trailing-slash',
      title: 'ends with a slash',
      line: (_run, image) => `POST /v1.41/images/${image}/push/`,
    }),
    pushing({
      id: 'override',
      title: 'asks for another method by a field',
      line: (_run, image) => `GET /v1.41/images/${image}/push`,
      fields: ['X-HTTP-Method-Override: POST', 'X-Original-Method: POST'],
    }),
    pushing({
      id: 'rewrite-field',
      title: 'says in fields that the path was another one',
      line: (_run, image) => `POST /v1.41/images/${image}/push`,
      fields: ['X-Original-URL: /_ping', 'X-Rewrite-URL: /_ping', 'X-Forwarded-Prefix: /_ping'],
    }),
    creatingAt({
      id: 'create-encoded',
      title: 'percent-encodes a create',
      line: (run) => `POST /v1.41/%63ontainers/%63reate?name=${run.name}`,
    }),
    creatingAt({
      id: 'create-no-version',
      title: 'creates without a version',
      quick: true,
      line: (run) => `POST /containers/create?name=${run.name}`,
    }),
    creatingAt({
      id: 'create-query',
      title: 'repeats keys of a create',
      line: (run) => `POST /v1.41/containers/create?name=${run.name}&name=harmless&HostConfig={}`,
    }),
    creatingAt({
      id: 'create-body-query',
      title: 'has a harmless body in the query',
      line: (run) => `POST /v1.41/containers/create?name=${run.name}&Image=a&_={%22HostConfig%22:{}}`,
    }),
    pulling(
      'import-both',
      'asks for an import with an empty fromImage',
      (run) => `fromImage=&fromSrc=-&repo=${run.name}&tag=latest`,
    ),
    pulling(
      'import-encoded',
      'asks for an import by encoded keys',
      (run) => `%66romSrc=-&%72epo=${run.name}&tag=latest`,
    ),
  ],
};

function everyByte(path: string): string {
  return path.replace(/[^/]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
}
