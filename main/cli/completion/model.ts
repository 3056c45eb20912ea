import type { Argument, Command, Option } from 'commander';
import { wordsAfter } from '../../../shared/docker-line/docker-line.ts';

/** What can stand at a place of the command line. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }
  /** Something that only the user knows. */
  | { readonly kind: 'anything' };

export interface CompletedOption {
  readonly long: string;
  readonly short?: string;
  readonly description: string;
  /** Absent: it takes no value. */
  readonly values?: Values;
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments can be; absent: it has none. */
  readonly argument?: Values;
}

/** The command line as completion knows it, read from the program that parses it. */
export interface CompletionModel {
  readonly program: string;
  readonly options: readonly CompletedOption[];
  readonly commands: readonly CompletedCommand[];
  /** What can follow behind `check --`: after `docker`, and after each of its groups. */
  readonly docker: ReadonlyMap<string, readonly string[]>;
}

/** Values that commander cannot check, since more may follow them, but which can be completed. */
const words: Readonly<Record<string, readonly string[]>> = { from: ['host', 'filtered', 'container', 'socket'] };

/** Reads the model off the commander program. */
export function completionModel(program: Command): CompletionModel {
  return {
    program: program.name(),
    options: optionsOf(program),
    commands: program.commands.map((command) => ({
      name: command.name(),
      description: command.summary() || command.description(),
      options: optionsOf(command),
      ...argumentOf(command.registeredArguments[0]),
    })),
    docker: new Map(dockerGroups().map((group) => [group, wordsAfter(group)])),
  };
}

function optionsOf(command: Command): readonly CompletedOption[] {
  return command.createHelp().visibleOptions(command).map(completed);
}

function completed(option: Option): CompletedOption {
  const { long, short, description } = option;
  const values = valuesOf(option);
  return { long: long ?? '', ...(short !== undefined && { short }), description, ...(values && { values }) };
}

function valuesOf(option: Option): Values | undefined {
  if (!option.required && !option.optional) return undefined;
  if (option.argChoices !== undefined) return { kind: 'words', words: option.argChoices };
  const known = words[option.attributeName()];
  if (known !== undefined) return { kind: 'words', words: known };
  return byPlaceholder(/[<[](\w+)/.exec(option.flags)?.[1] ?? '');
}

function argumentOf(argument: Argument | undefined): { argument?: Values } {
  if (argument === undefined) return {};
  if (argument.argChoices !== undefined) return { argument: { kind: 'words', words: argument.argChoices } };
  return { argument: byPlaceholder(argument.name()) };
}

function byPlaceholder(name: string): Values {
  if (name === 'file' || name === 'path') return { kind: 'files' };
  return name === 'dir' ? { kind: 'folders' } : { kind: 'anything' };
}

/** Docker itself, and its groups of commands. */
function dockerGroups(): readonly string[] {
  const first = wordsAfter('');
  return ['', ...first.filter((word) => wordsAfter(word).length > 0)];
}
