import type { OperationId } from '../engine-api/operation.ts';
import { commands } from './command-table.ts';

/** `container*` and the like: all commands of a group. */
export interface CommandGroup {
  /** As written in a list, star included. */
  readonly wildcard: string;
  readonly aliases: readonly string[];
  /** Commands that an allow list permits by it. */
  readonly allows: readonly string[];
  /** Operations that it permits beyond those commands: only `stack deploy` sends them. */
  readonly allowsToo: readonly OperationId[];
  /** Commands that a deny list refuses by it. */
  readonly denies: readonly string[];
  /** A deny list refuses everything under these paths too, whichever command sends it. */
  readonly deniesUnder: readonly string[];
}

interface GroupSketch {
  readonly aliases?: readonly string[];
  readonly allowsToo?: readonly OperationId[];
  readonly deniesUnder: readonly string[];
}

function commandsOf(word: string): readonly string[] {
  return commands.filter((command) => command.group === word).map((command) => command.name);
}

function group(word: string, sketch: GroupSketch): CommandGroup {
  const members = commandsOf(word);
  return {
    wildcard: `${word}*`,
    aliases: sketch.aliases ?? [],
    // A build runs what it likes and can push: it is opened only by its own name.
    allows: members.filter((name) => name !== 'image build'),
    allowsToo: sketch.allowsToo ?? [],
    denies: members,
    deniesUnder: sketch.deniesUnder,
  };
}

const buildCommands: readonly string[] = ['image build', 'builder prune'];

/** The groups of `docker --help` that have operations of their own. */
export const commandGroups: readonly CommandGroup[] = [
  group('container', { deniesUnder: ['/containers', '/exec', '/commit'] }),
  group('image', { deniesUnder: ['/images'] }),
  group('volume', { deniesUnder: ['/volumes'] }),
  group('network', { deniesUnder: ['/networks'] }),
  {
    wildcard: 'build*',
    aliases: ['builder*'],
    allows: buildCommands,
    allowsToo: [],
    denies: buildCommands,
    deniesUnder: ['/build', '/session', '/grpc'],
  },
  group('system', { deniesUnder: ['/system'] }),
  group('plugin', { deniesUnder: ['/plugins'] }),
  group('swarm', { deniesUnder: ['/swarm'] }),
  group('service', { deniesUnder: ['/services', '/tasks'] }),
  group('node', { deniesUnder: ['/nodes'] }),
  group('secret', { allowsToo: ['SecretUpdate'], deniesUnder: ['/secrets'] }),
  group('config', { allowsToo: ['ConfigUpdate'], deniesUnder: ['/configs'] }),
  group('checkpoint', { deniesUnder: [] }),
];
