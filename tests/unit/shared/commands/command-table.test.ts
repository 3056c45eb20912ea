import { describe, expect, it } from 'vitest';
import { commandGroups } from '../../../../shared/commands/command-groups.ts';
import { commandNames } from '../../../../shared/commands/command-names.ts';
import { commands } from '../../../../shared/commands/command-table.ts';
import { listableOperations } from '../../../../shared/commands/operation-reach.ts';
import { refusedCommands } from '../../../../shared/commands/refused-commands.ts';
import { type OperationId, operationIds } from '../../../../shared/engine-api/operation.ts';

const known: ReadonlySet<string> = new Set(operationIds);

/** `docker --help` and `docker GROUP --help` of the CLI 20.10.24 and 28.2.2, taken together. */
const help: Readonly<Record<string, string>> = {
  '': 'attach build commit cp create diff events exec export history images import info inspect kill load login logout logs pause port ps pull push rename restart rm rmi run save search start stats stop tag top unpause update version wait',
  builder: 'build prune',
  checkpoint: 'create ls rm',
  completion: '',
  config: 'create inspect ls rm',
  container:
    'attach commit cp create diff exec export inspect kill logs ls pause port prune rename restart rm run start stats stop top unpause update wait',
  context: 'create export import inspect ls rm show update use',
  image: 'build history import inspect load ls prune pull push rm save tag',
  manifest: 'annotate create inspect push rm',
  network: 'connect create disconnect inspect ls prune rm',
  node: 'demote inspect ls promote ps rm update',
  plugin: 'create disable enable inspect install ls push rm set upgrade',
  secret: 'create inspect ls rm',
  service: 'create inspect logs ls ps rm rollback scale update',
  stack: 'deploy ls ps rm services',
  swarm: 'ca init join join-token leave unlock unlock-key update',
  system: 'df events info prune',
  trust: 'inspect key revoke sign signer',
  volume: 'create inspect ls prune rm update',
};

const helpNames = Object.entries(help).flatMap(([group, words]) =>
  words
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => `${group} ${word}`.trim()),
);

describe('commands', () => {
  it.each(helpNames)('%s of docker’s help is listed or refused with an explanation', (name) => {
    const refused = refusedCommands.some((row) =>
      [row.name, ...row.aliases].some((word) => name === word || name.startsWith(`${word} `)),
    );
    expect(commandNames.includes(name) !== refused).toBe(true);
  });

  it('have names and aliases that are unique and written as docker writes them', () => {
    const all = [...commands, ...refusedCommands].flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set([...all, ...commandNames]).size).toBe(
      all.length + commandGroups.flatMap(({ aliases }) => [1, ...aliases]).length,
    );
    for (const name of all) expect(name).toMatch(/^[a-z]+(?: [a-z-]+)?$/);
  });

  it.each(commands.map((command) => [command.name, command] as const))(
    '%s has operations, which it needs',
    (_, command) => {
      expect(command.defining.length).toBeGreaterThan(0);
      const needed = command.needed.map(({ op }) => op);
      expect(new Set(needed).size).toBe(needed.length);
      for (const op of [...command.defining, ...command.alsoDenied, ...needed]) expect(known).toContain(op);
      for (const op of command.defining) expect(needed).toContain(op);
      expect(needed.filter((op) => command.alsoDenied.includes(op))).toEqual([]);
    },
  );

  it('limit only run to containers of its own', () => {
    const limited = commands.filter(({ needed }) => needed.some(({ scope }) => scope === 'own'));
    expect(limited.map(({ name }) => name)).toEqual(['container run']);
  });

  it('that are refused say what to list instead, and use known operations', () => {
    for (const { name, refusedAtLoad, uses, usesAtTimes } of refusedCommands) {
      expect(refusedAtLoad.length, name).toBeGreaterThan(30);
      for (const op of [...uses, ...usesAtTimes]) expect(known).toContain(op);
    }
    expect(refusedCommands.find(({ name }) => name === 'compose')?.refusedAtLoad).toContain('"create"');
  });

  it('reach every operation but those that no client sends', () => {
    const unreached = operationIds.filter((id) => !listableOperations.has(id));
    expect([...unreached].sort()).toEqual(
      [
        'DebugProfile',
        'DebugProfileCommandLine',
        'DebugProfileCpu',
        'DebugProfileIndex',
        'DebugProfileSymbol',
        'DebugProfileTrace',
        'DebugVars',
        'Options',
        'SystemPing',
        'SystemPingHead',
        'Unknown',
      ].sort(),
    );
  });

  it('can open every operation that they reach, by a command or a group', () => {
    const openable = new Set<OperationId>([
      ...commands.flatMap(({ needed }) => needed.map(({ op }) => op)),
      ...commandGroups.flatMap(({ allowsToo }) => allowsToo),
    ]);
    expect([...listableOperations].filter((op) => !openable.has(op))).toEqual(['SystemVersion']);
  });
});

describe('commandGroups', () => {
  it('are the groups of docker’s help that have operations of their own', () => {
    expect(commandGroups.map(({ wildcard }) => wildcard)).toEqual([
      'container*',
      'image*',
      'volume*',
      'network*',
      'build*',
      'system*',
      'plugin*',
      'swarm*',
      'service*',
      'node*',
      'secret*',
      'config*',
      'checkpoint*',
    ]);
  });

  it.each(commandGroups.map((group) => [group.wildcard, group] as const))(
    '%s has exactly the commands of its help page',
    (wildcard, group) => {
      const word = wildcard === 'build*' ? 'builder' : wildcard.slice(0, -1);
      const canonical = (help[word] ?? '').split(' ').map((command) => {
        const name = `${word} ${command}`;
        return commands.find((row) => row.name === name || row.aliases.includes(name))?.name;
      });
      expect([...group.denies].sort()).toEqual(canonical.sort());
      const notAllowed = group.denies.filter((name) => !group.allows.includes(name));
      expect(notAllowed).toEqual(wildcard === 'image*' ? ['image build'] : []);
    },
  );
});
