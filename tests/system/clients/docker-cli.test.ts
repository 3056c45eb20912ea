import { describe } from 'vitest';
import { dockerCli } from '../../lab/lab.ts';
import { behaves, ownEngine } from './docker-cli.ts';
import { BUILDKIT, EXEC, RUN, STREAMS } from './scripts.ts';

const { newest, newestVersion, plugins } = dockerCli();

ownEngine();

/** The others, and those of Debian's client, are in tests/full/clients. */
describe(`the docker client ${newestVersion}`, () => {
  describe('streams', () => behaves(STREAMS, newest));
  describe('run', () => behaves(RUN, newest));
  describe('exec', () => behaves(EXEC, newest));
  describe.runIf(plugins !== undefined)('BuildKit (with buildx of the newer clients)', () => behaves(BUILDKIT, newest));
});
