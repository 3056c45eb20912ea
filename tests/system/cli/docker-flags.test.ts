import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../../../shared/commands/command-table.ts';
import { flagTable } from '../../../shared/docker-line/docker-line.ts';
import { flagKinds } from '../../../shared/docker-line/parse-flags.ts';
import { dockerCli } from '../../lab/clients.ts';

const config = mkdtempSync(join(tmpdir(), 'lockkeeper-flags-'));
afterAll(() => rmSync(config, { recursive: true, force: true }));

interface HelpFlag {
  readonly name: string;
  readonly short?: string;
  readonly takesValue: boolean;
}

/** The flags that a client's own help lists; a type behind the name means a value. */
function flagsInHelp(words: readonly string[]): readonly HelpFlag[] {
  const env = { COLUMNS: '400', DOCKER_CONFIG: config, HOME: config, DOCKER_HOST: 'unix:///nowhere' };
  const { stdout } = spawnSync(dockerCli().newest, [...words, '--help'], { encoding: 'utf8', env });
  return stdout.split('\n').flatMap((line) => {
    const found = /^ {2,6}(?:-(\S), )?--([\w-]+)(?: (\S+))?(?: {2,}|\s*$)/.exec(line);
    const [, short, name, type] = found ?? [];
    if (name === undefined || name === 'help') return [];
    return [{ name, ...(short !== undefined && { short }), takesValue: type !== undefined }];
  });
}

describe(`the flags of docker ${dockerCli().newestVersion}`, () => {
  // Builds and what belongs to them show another help where buildx is there.
  const names = commands.map(({ name }) => name).filter((name) => !/^(?:image build|builder)/.test(name));

  it.each(['container run', 'container create', 'container exec', 'service create', 'service update'])(
    'of %s are known, and which take a value',
    (name) => compare(name),
  );

  it('of all other commands are known', () => {
    for (const name of names) compare(name);
  });

  function compare(name: string): void {
    const { takesValue, long } = flagKinds(flagTable[name] ?? '');
    const listed = flagsInHelp(name.split(' '));
    const unknown = listed.filter((flag) => takesValue.get(flag.name) !== flag.takesValue);
    const wrongShort = listed.filter(({ short, name: flag }) => short !== undefined && long.get(short) !== flag);
    expect([...unknown, ...wrongShort], `docker ${name}`).toEqual([]);
  }
});
