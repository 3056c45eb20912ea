// A test suite's use of Testcontainers, as a program of its own: the library takes its settings from the environment.
// Prints what it found as one line of JSON, waits for the end of its input, and leaves a container behind for Ryuk.
import { Buffer } from 'node:buffer';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenericContainer, Network, type StartedTestContainer, Wait } from 'testcontainers';

const folder = mkdtempSync(join(tmpdir(), 'copied-'));
writeFileSync(join(folder, 'file'), 'copied\n');

const network = await new Network().start();
const server = await new GenericContainer('alpine:latest')
  .withCommand(['sh', '-c', 'echo listening; exec httpd -f -p 80 -h /www'])
  .withNetwork(network)
  .withNetworkAliases('server')
  .withExposedPorts(80)
  .withCopyContentToContainer([{ content: 'hello\n', target: '/www/index.html' }])
  .withHealthCheck({ test: ['CMD-SHELL', 'test -e /www/index.html'], interval: 100, retries: 50 })
  .withWaitStrategy(Wait.forAll([Wait.forLogMessage(/listening/), Wait.forListeningPorts(), Wait.forHealthCheck()]))
  .start();
const url = `http://${server.getHost()}:${server.getMappedPort(80)}/`;
const page = await (await fetch(url)).text();

const other = await new GenericContainer('alpine:latest')
  .withCommand(['sleep', '600'])
  .withNetwork(network)
  .withEnvironment({ WORD: 'word' })
  .withCopyDirectoriesToContainer([{ source: folder, target: '/copied' }])
  .withWaitStrategy(Wait.forSuccessfulCommand('test -e /copied/file'))
  .start();
const byName = await other.exec(['wget', '-q', '-O', '-', 'http://server/']);
const { stdout, stderr, exitCode } = await other.exec(['sh', '-c', 'echo $WORD; echo err >&2; exit 3']);
await other.copyContentToContainer([{ content: 'later', target: '/later' }]);
const later = await other.exec(['cat', '/later', '/copied/file']);
const archive = await bytesOf(await other.copyArchiveFromContainer('/later'));

await server.stop();
const stopped = await fetch(url).then(
  () => false,
  () => true,
);
const absent = await new GenericContainer('nowhere:1').start().catch((error: Error) => error.message);

const found = {
  page,
  byName,
  failing: { stdout, stderr, exitCode },
  later,
  archived: archive.includes('later'),
  stopped,
  absent,
};
process.stdout.write(`${JSON.stringify({ found, session: sessionOf(other) })}\n`);
await new Promise((resolve) => process.stdin.once('end', resolve).resume());
// Without stopping anything: the connection to Ryuk ends with us.
process.exit(0);

function sessionOf(container: StartedTestContainer): string {
  return container.getLabels()['org.testcontainers.session-id'] ?? '';
}

async function bytesOf(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
