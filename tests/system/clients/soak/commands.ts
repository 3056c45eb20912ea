import { dockerCli } from '../../../lab/lab.ts';
import { type Chore, LABEL, SOCKET, type Stage } from './stage.ts';

/** A command of the newest docker client through the host gate, and what it must print. */
async function prints(
  { lab, keeper }: Stage,
  expected: string,
  args: readonly string[],
  more: { readonly stdin?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  const printed = await lab.dockerOutput(args, { host: keeper.url, ...more });
  if (printed !== expected)
    throw new Error(`docker ${args.join(' ')} printed ${JSON.stringify(printed.slice(0, 500))}`);
}

const dockerfile = (word: string) => `FROM alpine\nENV WORD=${word}\nRUN echo $WORD > /word\nCMD cat /word\n`;

function builds(DOCKER_BUILDKIT: '0' | '1'): Chore['run'] {
  return async (stage) => {
    const { lab, newName } = stage;
    const name = newName();
    const env = { DOCKER_BUILDKIT };
    const args = ['build', '-q', '--no-cache', '--force-rm', '--label', LABEL, '-t', name, '-'];
    await lab.dockerOutput(args, { host: stage.keeper.url, stdin: dockerfile(name), env });
    await prints(stage, name, ['run', '--rm', '--label', LABEL, name]);
    await lab.dockerOutput(['rmi', name], { host: stage.keeper.url });
  };
}

/** What the docker client does for a user. */
export const COMMANDS: readonly Chore[] = [
  {
    does: 'docker run -i',
    run: (stage) =>
      prints(stage, 'typed\nafter', ['run', '--rm', '-i', '--label', LABEL, 'alpine', 'sh', '-c', 'cat; echo after'], {
        stdin: 'typed\n',
      }),
  },
  {
    does: 'docker run with the socket',
    run(stage) {
      const list = ['docker', 'ps', '-q', '--filter', 'name=^no-such-name$'];
      return prints(stage, '', ['run', '--rm', '--label', LABEL, '-v', `${SOCKET}:${SOCKET}`, 'docker:cli', ...list]);
    },
  },
  { does: 'docker exec', run: (stage) => prints(stage, 'out', ['exec', stage.printer, 'echo', 'out']) },
  { does: 'docker pull', run: (stage) => prints(stage, 'docker.io/library/busybox:latest', ['pull', '-q', 'busybox']) },
  { does: 'a classic build', run: builds('0') },
  ...(dockerCli().plugins === undefined ? [] : [{ does: 'a build with BuildKit', run: builds('1') }]),
];
