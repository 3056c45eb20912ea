import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../../../shared/commands/command-names.ts';
import { flagTable, parseDockerLine, wordsAfter } from '../../../../shared/docker-line/docker-line.ts';

function read(text: string) {
  const result = parseDockerLine(text.split(' '));
  if (!result.ok) throw new Error(result.problem);
  const { command, flags, args } = result.line;
  return { command, flags: Object.fromEntries(flags), args };
}

function problem(text: string): string {
  const result = parseDockerLine(text === '' ? [] : text.split(' '));
  return result.ok ? 'it was read' : result.problem;
}

describe('parseDockerLine', () => {
  it.each([
    ['docker run alpine', 'container run'],
    ['docker container run alpine', 'container run'],
    ['/usr/bin/docker ps', 'container ls'],
    ['docker.exe rmi x', 'image rm'],
    ['docker --log-level debug -D image push x', 'image push'],
    ['docker buildx build .', 'image build'],
    ['docker builder build .', 'image build'],
    ['docker builder ls', 'buildx ls'],
    ['docker bake', 'buildx bake'],
    ['docker buildx --builder x imagetools inspect y', 'buildx imagetools inspect'],
    ['docker compose -f x.yml --profile p up -d', 'compose up'],
    ['docker-compose up', 'compose up'],
    ['docker stack up -c x s', 'stack deploy'],
    ['docker system df', 'system df'],
    ['docker login', 'login'],
  ])('knows the command of %s', (text, command) => {
    expect(read(text).command).toBe(command);
  });

  it('ends the flags of run at the image, so that the command keeps its own', () => {
    expect(read('docker run -it --rm -v /a:/b --name=x alpine ls -v /c:/d --privileged')).toEqual({
      command: 'container run',
      flags: { interactive: ['true'], tty: ['true'], rm: ['true'], volume: ['/a:/b'], name: ['x'] },
      args: ['alpine', 'ls', '-v', '/c:/d', '--privileged'],
    });
  });

  it('reads every spelling of a flag', () => {
    const { flags } = read('docker run -v/a:/b -v=/c:/d --volume=/e:/f --volume /g:/h -itv /i:/j --rm=false alpine');
    expect(flags).toMatchObject({
      volume: ['/a:/b', '/c:/d', '/e:/f', '/g:/h', '/i:/j'],
      rm: ['false'],
      tty: ['true'],
    });
    expect(read('docker run --privileged -- --odd').args).toEqual(['--odd']);
    expect(read('docker rm one -f two').args).toEqual(['one', 'two']);
  });

  it('takes a value even where it looks like a flag, as the CLI does', () => {
    expect(read('docker run --entrypoint --privileged alpine').flags).toEqual({ entrypoint: ['--privileged'] });
  });

  it.each([
    ['', 'there is no command; give a docker command line, as in: docker run --rm alpine'],
    ['podman run x', '"podman" is not docker; give a docker command line, as in: docker run --rm alpine'],
    ['docker', 'docker: a command is missing'],
    ['docker image', 'docker image: a command is missing'],
    ['docker psuh x', 'docker: unknown command "psuh"; did you mean "docker push" or "docker ps"?'],
    ['docker image inspct x', 'docker image: unknown command "inspct"; did you mean "docker image inspect"?'],
    ['docker zzzzzzzzzz', 'docker: unknown command "zzzzzzzzzz"; see "docker --help"'],
    ['docker --odd ps', 'docker: unknown flag "--odd"'],
    ['docker run --privilegd x', 'docker container run: unknown flag "--privilegd"; see "docker container run --help"'],
    ['docker run -iv', 'docker container run: the flag "-v" needs a value; see "docker container run --help"'],
    ['docker run -h', 'docker container run: the flag "-h" needs a value; see "docker container run --help"'],
    ['docker run -iX a', 'docker container run: unknown flag "-X" in "-iX"; see "docker container run --help"'],
    ['docker run --name', 'docker container run: the flag "--name" needs a value; see "docker container run --help"'],
    ['docker ps -X', 'docker container ls: unknown flag "-X"; see "docker container ls --help"'],
  ])('says what is wrong with "%s"', (text, expected) => {
    expect(problem(text)).toBe(expected);
  });

  it('knows what asks nothing', () => {
    for (const line of ['docker --version', 'docker run --help', 'docker image -h', 'docker ps -h']) {
      const result = parseDockerLine(line.split(' '));
      expect(result, line).toMatchObject({ ok: true, line: { onlyHelp: true } });
    }
  });

  it('keeps the engine that a line names itself', () => {
    const result = parseDockerLine(['docker', '-H', 'tcp://x:2375', 'ps']);
    expect(result).toMatchObject({ ok: true, line: { command: 'container ls', elsewhere: 'tcp://x:2375' } });
  });

  it('has flags for every command that a list can name', () => {
    for (const name of commandNames.filter((text) => !text.endsWith('*'))) {
      const result = parseDockerLine(['docker', ...name.split(' ')]);
      expect(result.ok ? '' : result.problem, name).toBe('');
      if (result.ok) expect(Object.keys(flagTable), name).toContain(result.line.command);
    }
  });

  it('lists the words that may follow', () => {
    expect(wordsAfter('')).toEqual(expect.arrayContaining(['run', 'ps', 'image', 'compose', 'buildx']));
    expect(wordsAfter('image')).toEqual(expect.arrayContaining(['push', 'rm', 'remove']));
    expect(wordsAfter('run')).toEqual([]);
  });

  it('reads anything without an exception', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('run', '-v', '--', '--mount', 'image', '-itd', '__proto__', 'compose'),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const result = parseDockerLine(['docker', ...words]);
        expect(typeof result.ok).toBe('boolean');
      }),
    );
  });
});
