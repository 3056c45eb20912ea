import { describe, expect, it } from 'vitest';
import { commandNames } from '../../../../shared/commands/command-names.ts';
import { flagTable, parseDockerLine } from '../../../../shared/docker-line/docker-line.ts';
import { MOST_REQUESTS_PLANNED, planOf } from '../../../../shared/docker-line/plan.ts';
import type { Plan } from '../../../../shared/docker-line/planned-request.ts';
import { identifyOperation } from '../../../../shared/engine-api/operation.ts';
import { parseRequestTarget } from '../../../../shared/http/request-target.ts';

function planned(text: string): Plan {
  const line = parseDockerLine(text.split(' '));
  if (!line.ok) throw new Error(line.problem);
  const result = planOf(line.line, '/work');
  if (!result.ok) throw new Error(result.problem);
  return result.plan;
}

function problemOf(text: string): string {
  const line = parseDockerLine(text.split(' '));
  const result = line.ok ? planOf(line.line, '/work') : line;
  return result.ok ? 'it was planned' : result.problem;
}

/** `always!`, `sometimes?` and `image-absent*` requests, by their operation and path. */
function requests(text: string): readonly string[] {
  return planned(text).requests.map(({ method, target, condition }) => {
    const read = parseRequestTarget(target);
    const id = read.ok ? identifyOperation(method, read.target).id : 'Malformed';
    const mark = condition === undefined ? '' : condition === 'sometimes' ? '?' : '*';
    return `${id}${mark} ${target.replace('/v1.51', '')}`;
  });
}

const always = (text: string) => requests(text).filter((request) => !/^\w+\? /.test(request));

describe('planOf', () => {
  it('has what docker run asks for, in order', () => {
    expect(requests('docker run --rm --name web -it alpine:3.20 sh')).toEqual([
      'ContainerCreate /containers/create?name=web',
      'ImagePull* /images/create?fromImage=docker.io%2Flibrary%2Falpine&tag=3.20',
      'ContainerCreate* /containers/create?name=web',
      'ContainerAttach /containers/web/attach',
      'ContainerWait /containers/web/wait',
      'ContainerStart /containers/web/start',
      'ContainerResize? /containers/web/resize',
      'ContainerKill? /containers/web/kill',
      'ContainerDelete? /containers/web',
    ]);
  });

  it('pulls as --pull says', () => {
    expect(requests('docker create --pull always x').map((text) => text.split(' ')[0])).toEqual([
      'ImagePull',
      'ContainerCreate',
    ]);
    expect(requests('docker create --pull never x')).toEqual(['ContainerCreate /containers/create']);
    expect(planned('docker create x').image).toBe('x');
  });

  it.each([
    ['docker push myimage', ['ImagePush /images/docker.io/library/myimage/push?tag=latest']],
    ['docker push reg.example.com:5000/a/b:1', ['ImagePush /images/reg.example.com:5000/a/b/push?tag=1']],
    [
      `docker pull alpine@sha256:${'a'.repeat(64)}`,
      [`ImagePull /images/create?fromImage=docker.io%2Flibrary%2Falpine&tag=sha256%3A${'a'.repeat(64)}`],
    ],
    ['docker ps -a', ['ContainerList /containers/json']],
    ['docker rm -f a b', ['ContainerDelete /containers/a', 'ContainerDelete /containers/b']],
    ['docker logs -f web', ['ContainerInspect /containers/web/json', 'ContainerLogs /containers/web/logs']],
    [
      'docker exec -it web sh -c ls',
      [
        'ContainerInspect /containers/web/json',
        'ContainerExec /containers/web/exec',
        'ExecStart /exec/EXEC/start',
        'ExecInspect /exec/EXEC/json',
      ],
    ],
    ['docker start a', ['ContainerStart /containers/a/start']],
    [
      'docker start -a a',
      [
        'ContainerInspect /containers/a/json',
        'ContainerAttach /containers/a/attach',
        'ContainerWait /containers/a/wait',
        'ContainerStart /containers/a/start',
      ],
    ],
    ['docker cp web:/etc/x .', ['ContainerArchiveGet /containers/web/archive?path=%2F']],
    [
      'docker cp -L web:/etc/x .',
      ['ContainerArchiveInfo /containers/web/archive?path=%2F', 'ContainerArchiveGet /containers/web/archive?path=%2F'],
    ],
    [
      'docker cp ./x web:/',
      ['ContainerArchiveInfo /containers/web/archive?path=%2F', 'ContainerArchivePut /containers/web/archive?path=%2F'],
    ],
    ['docker build .', ['Grpc /grpc', 'Session /session']],
    ['docker builder prune -f', ['Grpc /grpc']],
    ['docker buildx du', ['Grpc /grpc']],
    [
      'docker system prune -f',
      [
        'ContainerPrune /containers/prune',
        'NetworkPrune /networks/prune',
        'ImagePrune /images/prune',
        'BuildPrune /build/prune',
      ],
    ],
    ['docker inspect x', ['ContainerInspect /containers/x/json']],
    ['docker inspect --type volume x', ['VolumeInspect /volumes/x']],
    ['docker tag a b', ['ImageTag /images/a/tag']],
    ['docker volume create v', ['VolumeCreate /volumes/create']],
    ['docker network rm n', ['NetworkInspect /networks/n', 'NetworkDelete /networks/n']],
    [
      'docker stats',
      ['SystemEvents /events', 'ContainerList /containers/json', 'ContainerStats /containers/NAME/stats'],
    ],
    ['docker compose ps', ['ContainerList /containers/json']],
    [
      'docker compose down',
      [
        'ContainerList /containers/json',
        'ContainerStop /containers/NAME/stop',
        'ContainerDelete /containers/NAME',
        'NetworkList /networks',
        'NetworkDelete /networks/NAME',
      ],
    ],
    ['docker version', ['SystemVersion /version']],
    ['docker context ls', []],
  ])('knows what %s asks for', (text, expected) => {
    expect(always(text)).toEqual(expected);
  });

  it('has something to say about every command that has no request', () => {
    for (const text of [
      'docker context ls',
      'docker manifest inspect x',
      'docker run --help',
      'docker buildx version',
    ]) {
      expect(planned(text).requests, text).toEqual([]);
      expect(planned(text).notes.join(), text).not.toBe('');
    }
  });

  it('knows a plan for every command that a list can name, whose requests are the operations they stand for', () => {
    for (const name of commandNames.filter((text) => !text.endsWith('*'))) {
      const line = name.endsWith('cp') ? `docker ${name} one:/a b` : `docker ${name} one two`;
      for (const request of requests(line)) {
        expect(request, line).not.toMatch(/^(Unknown|Malformed)/);
      }
      expect(requests(line).length, line).toBeGreaterThan(0);
    }
  });

  it('has a body for every request whose body is read, also where nobody knows what is in it', () => {
    const read =
      /\/(?:containers\/create|services\/create|services\/[^/]+\/update|plugins\/(?:pull|[^/]+\/(?:set|upgrade)))(?:\?|$)/;
    const lines = Object.keys(flagTable).filter((name) => name !== '');
    const planless = lines.flatMap((name) => {
      const result = planOf({ command: name, flags: new Map(), args: ['a:b', 'c'], onlyHelp: false }, '/');
      const requests = result.ok ? result.plan.requests : [];
      return requests.filter(({ target, body = '' }) => read.test(target) && body === '').map(() => name);
    });
    expect(planless).toEqual([]);
  });

  it('gives mounts to services and settings to plugins', () => {
    const mount = '--mount type=bind,source=/run,target=/r';
    const [create] = planned(`docker service create ${mount} x`).requests;
    const Mounts = [{ Type: 'bind', Source: '/run', Target: '/r' }];
    expect(JSON.parse(create?.body ?? '')).toEqual({ TaskTemplate: { ContainerSpec: { Mounts } } });
    const [set] = planned('docker plugin set p data.source=/run').requests;
    expect(set).toMatchObject({ target: '/v1.51/plugins/p/set', body: '["data.source=/run"]' });
  });

  it.each([
    ['docker stop', 'docker container stop: the name of what it is about is missing'],
    ['docker run', 'docker container run: the image is missing'],
    ['docker cp a b', 'docker container cp: just one of the source and the target must be CONTAINER:PATH'],
    ['docker exec a', 'docker container exec: the container or its command is missing'],
    ['docker inspect --type dog x', 'docker inspect: "dog" is not something that can be inspected'],
    [
      `docker rm ${'x '
        .repeat(MOST_REQUESTS_PLANNED + 1)
        .trim()
        .replaceAll('x', 'c')
        .split(' ')
        .map((c, i) => c + i)
        .join(' ')}`,
      `docker container rm: it would send ${MOST_REQUESTS_PLANNED + 1} requests; at most ${MOST_REQUESTS_PLANNED} are checked at once`,
    ],
  ])('says what is wrong: %s', (text, expected) => {
    expect(problemOf(text)).toBe(expected);
  });

  it('escapes names, so that none is another path', () => {
    expect(requests('docker stop a/../../b?x#y')).toEqual(['Malformed /containers/a/../../b%3Fx%23y/stop']);
  });

  it('says when a line goes elsewhere', () => {
    expect(planned('docker -H tcp://x ps').notes).toEqual([
      'the line names "tcp://x" itself; unless that is this Lockkeeper, it goes around it',
    ]);
  });
});
