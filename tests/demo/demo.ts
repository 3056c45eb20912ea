/**
 * `npm run demo`: a private engine with an offline Docker Hub, Lockkeeper in front of it with the example policy of
 * Docker's page on socket exceptions, and that page walked through with the real docker client. Ends with 0 only if
 * everything came out as stated. `--keep` leaves it all running to play with.
 */
import { Command } from 'commander';
import { type Lab, startLab } from '../lab/lab.ts';
import { eventually, type Running, type SettingsWords, settingsJson, startLockkeeper } from '../system/running.ts';
import { startWalk, type Walk } from './walk.ts';

const SOCKET = ['-v', '/var/run/docker.sock:/var/run/docker.sock'];

const examplePolicy: SettingsWords = {
  images: ['docker.io/localstack/localstack:*', 'docker.io/testcontainers/ryuk:*', 'docker:cli'],
  allowDerivedImages: true,
  type: 'deny',
  commands: ['push', 'build'],
};

interface Scene {
  readonly lab: Lab;
  readonly keeper: Running;
  readonly walk: Walk;
  /** `docker …` through Lockkeeper. */
  docker(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
}

async function main(keep: boolean): Promise<number> {
  console.log('Starting a private Docker engine and an offline Docker Hub …');
  const lab = await startLab({ name: 'demo', defaultSocket: true });
  try {
    const keeper = await startLockkeeper(lab, examplePolicy);
    try {
      const walk = startWalk();
      introduce(walk, keeper);
      const docker = (...args: string[]) => lab.docker(args, { host: keeper.url });
      const scene = { lab, keeper, walk, docker };
      await refusedByDefault(scene);
      await allowedImage(scene);
      await blockedCommands(scene);
      await retagTrick(scene);
      await allowList(scene);
      await wildcards(scene);
      await staleDigest(scene);
      await events(scene);
      if (keep) await stayOpen(keeper);
      return conclude(walk);
    } finally {
      await keeper.stop();
    }
  } finally {
    await lab.stop();
  }
}

function introduce(walk: Walk, keeper: Running): void {
  walk.note(`\n$ cat admin-settings.json\n${JSON.stringify(JSON.parse(settingsJson(examplePolicy)), null, 2)}`);
  walk.note('\n$ lockkeeper serve --settings admin-settings.json');
  walk.note(keeper.readyLine());
  walk.note(`\n$ export DOCKER_HOST=${keeper.url}`);
}

async function run(scene: Scene, args: string[], outcome: Parameters<Walk['step']>[2]) {
  return scene.walk.step(`docker ${args.map(quoted).join(' ')}`, () => scene.docker(...args), outcome);
}

function quoted(word: string): string {
  return /^[\w./:@*=,-]+$/.test(word) ? word : `'${word}'`;
}

async function refusedByDefault(scene: Scene) {
  scene.walk.heading('By default no container gets the Docker socket');
  await run(scene, ['pull', '-q', 'alpine'], { succeeds: true });
  await run(scene, ['run', '--rm', ...SOCKET, 'alpine', 'true'], {
    succeeds: false,
    says: [
      'enhanced container isolation: docker socket mount denied for container with image "docker.io/library/alpine:latest"; image is not in the allowed list',
    ],
  });
  await run(scene, ['run', '--rm', '-v', '/var/run:/host-run', 'alpine', 'true'], {
    succeeds: false,
    says: ['would expose the Docker socket'],
  });
  scene.walk.note('Everything else works as ever:');
  await run(scene, ['run', '--rm', '-v', '/srv:/srv', 'alpine', 'echo', 'hello'], { succeeds: true, says: ['hello'] });
}

async function allowedImage(scene: Scene) {
  scene.walk.heading('An image of the list gets a socket of its own (docker run pulls it first, as usual)');
  await run(
    scene,
    ['run', '--rm', '--name', 'cli', ...SOCKET, 'docker:cli', 'docker', 'ps', '--format', '{{.Names}}'],
    {
      succeeds: true,
      says: [/^cli$/m],
    },
  );
}

async function blockedCommands(scene: Scene) {
  scene.walk.heading('What may be asked through it is filtered: deny "push" and "build"');
  const blocked =
    /docker command "\/v[\d.]+\/images\/[^"]*push[^"]*" is blocked; if you wish to allow it, configure the docker socket command list in the Docker Desktop settings\./;
  await run(scene, ['run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'push', 'myimage'], {
    succeeds: false,
    says: ['Error response from daemon: enhanced container isolation:', blocked, '(Lockkeeper: deny "push"'],
  });
  scene.walk.note('The same without the docker client:');
  const url = 'http://localhost/v1.41/images/myimage/push?tag=latest';
  const curl = ['curl', '-sS', '--unix-socket', '/var/run/docker.sock', '-X', 'POST', url];
  await run(scene, ['run', '--rm', ...SOCKET, 'docker:cli', ...curl], {
    succeeds: true,
    says: ['docker command \\"/v1.41/images/myimage/push?tag=latest\\" is blocked'],
  });
}

async function retagTrick(scene: Scene) {
  scene.walk.heading('A name proves nothing: the digest must be the registry’s');
  await run(scene, ['tag', 'malicious-image', 'docker:cli'], { succeeds: true });
  await run(scene, ['run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'ps'], {
    succeeds: false,
    says: ['docker socket mount denied', 'docker.io/library/docker:cli', 'digest differs'],
  });
  await run(scene, ['image', 'rm', 'docker:cli'], { succeeds: true });
  await run(scene, ['pull', '-q', 'docker:cli'], { succeeds: true });
}

async function allowList(scene: Scene) {
  scene.walk.heading('A list of type "allow" permits what it names and nothing else');
  await scene.keeper.apply({ ...examplePolicy, type: 'allow', commands: ['ps', 'container*', 'volume*'] });
  scene.walk.note('commandList: { "type": "allow", "commands": ["ps", "container*", "volume*"] }');
  await run(scene, ['run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'ps', '-q'], { succeeds: true });
  await run(scene, ['run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'volume', 'ls'], { succeeds: true });
  await run(scene, ['run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'images'], {
    succeeds: false,
    says: ['is blocked', 'not in allow "ps", "container*", "volume*"'],
  });
}

async function wildcards(scene: Scene) {
  scene.walk.heading('Wildcards');
  await scene.keeper.apply(examplePolicy);
  scene.walk.note('"docker.io/localstack/localstack:*": any tag of that image');
  await run(scene, ['run', '--rm', ...SOCKET, 'localstack/localstack:4.2', 'docker', 'ps', '-q'], { succeeds: true });
  await scene.keeper.apply({ ...examplePolicy, images: ['*'] });
  scene.walk.note('"*": every image, which the policy check warns about');
  await scene.walk.step('lockkeeper policy', () => scene.keeper.cli('policy'), { succeeds: true, says: [/"\*"/] });
  await run(scene, ['run', '--rm', ...SOCKET, 'alpine', 'ls', '-l', '/var/run/docker.sock'], { succeeds: true });
}

async function staleDigest(scene: Scene) {
  scene.walk.heading('Upstream publishes a new docker:cli: the local one is stale, until it is pulled again');
  const { digest } = await scene.lab.publish('docker:cli', {
    from: 'docker:cli',
    files: { '/etc/release': 'newer\n' },
  });
  await scene.keeper.apply(examplePolicy);
  scene.walk.note('Digests are asked for at start, when the policy changes (as just now), and every six hours.');
  await eventually(() => hasResolved(scene, digest), 'the new digest of docker:cli is known');
  await run(scene, ['run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'ps', '-q'], {
    succeeds: false,
    says: ['digest differs', 'docker image rm', 'docker pull'],
  });
  await run(scene, ['image', 'rm', 'docker:cli'], { succeeds: true });
  await run(scene, ['pull', '-q', 'docker:cli'], { succeeds: true });
  await run(scene, ['run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'ps', '-q'], { succeeds: true });
}

async function hasResolved(scene: Scene, digest: string): Promise<boolean> {
  const events = await scene.keeper.events();
  return events.some(({ what, detail }) => what === 'digest-resolved' && String(detail).includes(digest));
}

async function events(scene: Scene) {
  scene.walk.heading('What was blocked, and why');
  await scene.walk.step('lockkeeper events --blocked', () => scene.keeper.cli('events', '--blocked'), {
    succeeds: true,
    says: [
      'not in the image list',
      'the folder contains the socket',
      'denied by the command list',
      "not the registry's image",
      'not in the command list',
    ],
  });
}

async function stayOpen(keeper: Running): Promise<void> {
  console.log(
    `\nStill running. In another terminal:\n\n  export DOCKER_HOST=${keeper.url}\n  docker ps\n\nCtrl-C ends it.`,
  );
  await new Promise((resolve) => {
    const open = setInterval(() => undefined, 60_000);
    process.once('SIGINT', () => {
      clearInterval(open);
      resolve(undefined);
    });
  });
}

function conclude({ failures }: Walk): number {
  if (failures.length === 0) {
    console.log('\nEverything came out as stated.');
    return 0;
  }
  console.log(`\n${failures.length} outcomes were not as stated:`);
  for (const failure of failures) console.log(`  ${failure}`);
  return 1;
}

const { keep } = new Command('demo')
  .description('Walks through what Lockkeeper does, on a private engine with an offline Docker Hub.')
  .option('--keep', 'leaves it all running to play with', false)
  .parse()
  .opts<{ readonly keep: boolean }>();
process.exitCode = await main(keep);
