import { inspect, sawSocket, tellSocket } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { either, MOUNT, wayOut } from '../build-attack/reasons.ts';
import { act, create, post } from '../build-attack/requests.ts';
import { busybox, tarOf } from '../stage/image.ts';
import type { Run } from '../stage/run.ts';
import { savedAs } from '../stage/saved-image.ts';
import type { Door } from '../wire/door.ts';

interface Image {
  readonly Id: string;
}

const listed = (run: Run): string => run.stage.listed ?? '';

function split(run: Run): { repo: string; tag: string } {
  const [repo = '', tag = 'latest'] = listed(run).split(':');
  return { repo, tag };
}

async function idOf(run: Run, name: string): Promise<string> {
  return (await run.engine.find<Image>(`/images/${name}/json`))?.Id ?? '';
}

/** Notes what the listed name means, and gives it back at the end. */
async function keepListed(run: Run): Promise<void> {
  const id = await idOf(run, listed(run));
  const { repo, tag } = split(run);
  // A second name keeps the image itself from going while its own name means another one.
  await run.engine.have('POST', `/images/${id}/tag?repo=lk-attack-kept&tag=latest`);
  run.kept.set('listed', id);
  run.undo(async () => {
    await run.engine.undo('POST', `/images/lk-attack-kept/tag?repo=${repo}&tag=${tag}`);
    await run.engine.undo('DELETE', '/images/lk-attack-kept:latest');
  });
}

/** A container of the image that is meant to be taken for the listed one, with the socket. */
async function withSocket(door: Door, run: Run, image: string, query = ''): Promise<void> {
  const HostConfig = { Binds: [`${run.engine.socket}:/var/run/docker.sock`] };
  const body = { Image: image, Cmd: tellSocket('/var/run/docker.sock'), HostConfig };
  const request = create(run, body);
  await door.send({ ...request, path: `${request.path}${query}` });
  await door.send(act(run, 'start'));
}

/** Whether a container that is not of the listed image had a Docker socket, filtered or not. */
async function hadSocket(run: Run): Promise<boolean> {
  const container = await inspect(run);
  return container !== undefined && container.Image !== run.kept.get('listed') && (await sawSocket(run));
}

interface Passing extends Pick<Attack, 'id' | 'title' | 'quick'> {
  /** What is done to have another image pass for the listed one. */
  readonly before?: (door: Door, run: Run) => Promise<unknown>;
  /** As which image the container is created. */
  readonly as?: (run: Run) => string | Promise<string>;
  readonly query?: string;
}

function passing({ before, as = listed, query, ...described }: Passing): Attack {
  return {
    ...described,
    missing: ({ stage }) => (stage.listed === undefined ? 'no --listed image was given' : undefined),
    prepare: keepListed,
    async attempt(door, run) {
      await before?.(door, run);
      await withSocket(door, run, await as(run), query);
    },
    happened: hadSocket,
    refusal: MOUNT,
  };
}

/** Gives the attacker's image a name. */
const tagged = (door: Door, run: Run, repo: string, tag: string) =>
  door.send(post(`/images/${run.stage.image}/tag?repo=${repo}&tag=${tag}`));

export const identity: AttackClass = {
  name: 'identity',
  forbids: 'a container gets a Docker socket because its image is taken for one that may have one',
  attacks: [
    passing({
      id: 'tag',
      title: 'tags its image with the listed name',
      quick: true,
      before: (door, run) => tagged(door, run, split(run).repo, split(run).tag),
    }),
    passing({
      id: 'load',
      title: 'loads an archive that says it is the listed image',
      before: async (door, run) => door.send({ method: 'POST', path: '/images/load', tar: await savedAs(listed(run)) }),
    }),
    passing({
      id: 'import',
      title: 'imports an archive under the listed name',
      before: async (door, run) =>
        door.send({
          method: 'POST',
          path: `/images/create?fromSrc=-&repo=${split(run).repo}&tag=${split(run).tag}`,
          tar: await tarOf(busybox()),
        }),
    }),
    passing({
      id: 'commit',
      title: 'commits a container under the listed name',
      quick: true,
      async before(door, run) {
        await door.send(create(run, {}, { ending: '-source' }));
        await door.send(post(`/commit?container=${run.name}-source&repo=${split(run).repo}&tag=${split(run).tag}`));
      },
    }),
    {
      ...passing({
        id: 'build',
        title: 'builds an image under the listed name',
        before: async (door, run) =>
          door.send({
            method: 'POST',
            path: `/build?t=${listed(run)}`,
            tar: await tarOf({ Dockerfile: `FROM ${run.stage.image}\nLABEL a=b\n` }),
          }),
      }),
      refusal: either(MOUNT, wayOut('podman-build')),
    },
    passing({ id: 'id', title: 'names its image by its ID', as: (run) => idOf(run, run.stage.image) }),
    passing({
      id: 'short-id',
      title: 'tags its image with the listed name, and names it by a piece of its ID',
      before: (door, run) => tagged(door, run, split(run).repo, split(run).tag),
      as: async (run) => (await idOf(run, run.stage.image)).slice(7, 19),
    }),
    passing({
      id: 'other-registry',
      title: 'tags its image with the listed name of another registry',
      before: (door, run) => tagged(door, run, `evil.example/${split(run).repo}`, split(run).tag),
      as: (run) => `evil.example/${listed(run)}`,
    }),
    passing({
      id: 'other-tag',
      title: 'tags its image with another tag of the listed name',
      before: (door, run) => tagged(door, run, split(run).repo, run.name),
      as: (run) => `${split(run).repo}:${run.name}`,
    }),
    passing({
      id: 'long-name',
      title: 'tags its image with the listed name, and names it in full',
      before: (door, run) => tagged(door, run, split(run).repo, split(run).tag),
      as: (run) => `docker.io/library/${listed(run)}`,
    }),
    passing({
      id: 'id-as-name',
      title: "gives its image a name that looks like the listed image's ID",
      before: (door, run) => tagged(door, run, run.kept.get('listed')?.slice(7, 19) ?? '', 'latest'),
      as: (run) => run.kept.get('listed')?.slice(7, 19) ?? '',
    }),
    passing({
      id: 'platform',
      title: 'tags its image with the listed name, and asks for a platform',
      before: (door, run) => tagged(door, run, split(run).repo, split(run).tag),
      query: '&platform=linux/amd64',
    }),
  ],
};
