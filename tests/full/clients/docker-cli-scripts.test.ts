import { describe } from 'vitest';
import { dockerCli } from '../../lab/lab.ts';
import { behaves, ownEngine } from '../../system/clients/docker-cli.ts';
import { BUILDKIT, CLASSIC_BUILD, CONTAINERS, IMAGES, STREAMS, SYSTEM } from '../../system/clients/scripts.ts';

const { newest, newestVersion, debian } = dockerCli();

ownEngine();

describe(`the docker client ${newestVersion}`, () => {
  describe('containers', () => behaves(CONTAINERS, newest));
  describe('images', () => behaves(IMAGES, newest));
  describe('classic build', () => behaves(CLASSIC_BUILD, newest, { DOCKER_BUILDKIT: '0' }));
  describe('system', () => behaves(SYSTEM, newest));
});

describe.runIf(debian !== undefined && debian !== newest)("Debian's docker client beside a newer one", () => {
  const cli = debian ?? newest;
  describe('streams', () => behaves(STREAMS, cli));
  describe('classic build', () => behaves(CLASSIC_BUILD, cli, { DOCKER_BUILDKIT: '0' }));
  // Scripts run in a folder of the lab's: this one, which the client makes, is beside it and goes with the lab.
  const withoutPlugins = { DOCKER_CONFIG: '../without-plugins' };
  describe('BuildKit', () => behaves(BUILDKIT, cli, { DOCKER_BUILDKIT: '1', ...withoutPlugins }));
});
