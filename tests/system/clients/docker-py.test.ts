import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCommand } from '../../lab/command.ts';
import { attachLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { sameBothWays, waysTo } from './both-ways.ts';

const lab = attachLab(inject('lab'));
const NAME = 'test-docker-py';
// Whichever Python the user has: the library is seldom the system's own.
const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
const isInstalled = spawnSync('python3', ['-c', 'import docker'], { env }).status === 0;
let keeper: Running;

beforeAll(async () => {
  keeper = await startLockkeeper(lab);
  await lab.dockerOutput(['pull', '-q', 'alpine']);
});
afterAll(() => keeper.stop());
const removeContainer = async () => void (await lab.docker(['rm', '-f', '-v', NAME]));
afterEach(removeContainer);

const PROGRAM = `
import docker, io, socket, sys, tarfile
client = docker.DockerClient(base_url=sys.argv[1], version='1.41')
print(client.ping(), client.containers.run('alpine', ['echo', 'run'], remove=True))
try:
    client.containers.run('alpine', ['sh', '-c', 'echo err >&2; exit 3'], remove=True)
except docker.errors.ContainerError as error:
    print(error.exit_status, error.stderr)
web = client.containers.create('alpine', ['cat'], name='${NAME}', stdin_open=True)
attached = web.attach_socket(params={'stdin': 1, 'stdout': 1, 'stream': 1})
web.start()
attached._sock.sendall(b'typed\\n')
print(attached._sock.recv(8), attached._sock.recv(100))
print(web.exec_run(['sh', '-c', 'echo out; exit 4']), b''.join(web.exec_run(['seq', '3'], stream=True).output))
_, stdin = web.exec_run(['sh', '-c', 'n=$(wc -c); echo $n after'], stdin=True, socket=True, tty=False)
stdin._sock.sendall(b'x' * 1000000)
stdin._sock.shutdown(socket.SHUT_WR)
print(b''.join(iter(lambda: stdin._sock.recv(4096), b''))[8:])
buffer = io.BytesIO()
with tarfile.open(fileobj=buffer, mode='w') as tar:
    info = tarfile.TarInfo('big'); info.size = 2000000
    tar.addfile(info, io.BytesIO(b'y' * info.size))
web.put_archive('/tmp', buffer.getvalue())
chunks, stat = web.get_archive('/tmp/big')
print(sum(len(chunk) for chunk in chunks), stat['size'])
print([line for line in client.api.build(fileobj=io.BytesIO(b'FROM alpine\\nRUN echo built'), nocache=True, decode=True) if line.get('stream') == 'built\\n'])
print(next(client.api.stats('${NAME}', decode=True, stream=True))['name'])
web.stop(timeout=0)
print(web.wait(), web.logs(stream=False))
try:
    client.containers.get('nobody')
except docker.errors.NotFound as error:
    print(error.explanation)
`;

describe.runIf(isInstalled)('the Docker library of Python (where it is installed)', () => {
  it('runs, attaches, executes, copies, builds and reads logs', async () => {
    const ways = waysTo(lab, keeper);
    const play = ({ url }: { url: string }) => runCommand('python3', ['-c', PROGRAM, url], { env });
    const { code, stdout } = await sameBothWays(ways, play, removeContainer);
    expect(stdout).toMatch(
      /^True b'run\\n'\n3 b'err\\n'\n.*b'typed\\n'\n.*b'1000000 after\\n'\n2001920 2000000\n.*No such container: nobody\n$/s,
    );
    expect(code).toBe(0);
  });
});
