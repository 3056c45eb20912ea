import type { OperationId } from '../engine-api/operation.ts';
import type { Command } from './command.ts';
import type { NamedCommand } from './command-names.ts';
import { commands } from './command-table.ts';
import { operationsDeniedBy } from './operation-reach.ts';
import { refusedCommands } from './refused-commands.ts';

/** Something that a valid list brings about and that its author may not expect. */
export interface CommandWarning {
  /** Of the entry that it is about; absent when it is about the list as a whole. */
  readonly index?: number;
  /** A sentence that names the entry. */
  readonly warning: string;
}

/** An entry of a list with what it names. */
export interface ListEntry {
  readonly index: number;
  readonly text: string;
  readonly named: NamedCommand;
}

type Refused = ReadonlyMap<OperationId, string>;
type Permitted = ReadonlyMap<OperationId, 'any' | 'own'>;

/** More commands than this are counted, not named. */
const MOST_NAMED = 8;

function enumerate(names: readonly string[]): string {
  const quoted = names.slice(0, MOST_NAMED).map((name) => `"${name}"`);
  const more = names.length - quoted.length;
  const last = more > 0 ? `${more} more` : quoted.pop();
  return quoted.length === 0 ? `${last}` : `${quoted.join(', ')} and ${last}`;
}

/** Commands that stand in the list themselves, by name or by their group. */
function coveredCommands(entries: readonly ListEntry[], side: 'denies' | 'allows'): ReadonlySet<string> {
  return new Set(entries.flatMap(({ named }) => (named.kind === 'command' ? [named.command.name] : named.group[side])));
}

function shortName(command: Command): string {
  return command.aliases[0] ?? command.name;
}

/** Commands that the list does not name and that cannot do without something which this entry refuses. */
function stoppedAlong(entry: ListEntry, covered: ReadonlySet<string>): readonly string[] {
  const refused = new Set(operationsDeniedBy(entry.named));
  const own = commands
    .filter(({ name }) => !covered.has(name))
    .filter(({ needed }) => needed.some((need) => need.optional !== true && refused.has(need.op)))
    .map(shortName);
  const others = refusedCommands.filter(({ uses }) => uses.some((op) => refused.has(op))).map(({ name }) => name);
  return [...own, ...others];
}

/** Says it once for each command: an alias or a group that was written before covers it already. */
function repeatWarnings(entries: readonly ListEntry[]): readonly CommandWarning[] {
  const first = new Map<string, string>();
  const warnings: CommandWarning[] = [];
  for (const { index, text, named } of entries) {
    const name = named.kind === 'command' ? named.command.name : named.group.wildcard;
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, text);
    else warnings.push({ index, warning: `"${text}" is listed already, as "${earlier}"` });
  }
  return warnings;
}

type DenyCheck = (text: string, denied: ReadonlySet<OperationId>, refused: Refused) => string | undefined;

const denyChecks: readonly DenyCheck[] = [
  (text, denied) =>
    denied.has('SystemInfo') || denied.has('SystemEvents')
      ? `denying "${text}" breaks Testcontainers and compose: they ask for "info" or "events"`
      : undefined,
  (text, denied, refused) =>
    denied.has('ImagePush') && !refused.has('ImageBuild')
      ? `denying "${text}" also refuses BuildKit builds: a build can push its result, which cannot be seen from outside; classic builds (DOCKER_BUILDKIT=0) go on`
      : undefined,
  (text, denied, refused) =>
    denied.has('ImagePull') && !refused.has('ImageBuild')
      ? `denying "${text}" does not keep builds from fetching their base images; deny "build" for that`
      : undefined,
  (text, denied, refused) =>
    denied.has('BuildPrune') && !refused.has('Grpc')
      ? `denying "${text}" does not keep BuildKit clients from pruning the build cache, which they do inside a build session; deny "build" for that`
      : undefined,
];

/** Warnings of a deny list, in the order of its entries. */
export function denyWarnings(entries: readonly ListEntry[], refused: Refused): readonly CommandWarning[] {
  const covered = coveredCommands(entries, 'denies');
  const warnings = entries.flatMap((entry) => {
    const denied = new Set(operationsDeniedBy(entry.named));
    const along = stoppedAlong(entry, covered);
    const shared =
      along.length === 0
        ? []
        : [`denying "${entry.text}" also stops ${enumerate(along)}, which need the same requests`];
    const found = denyChecks.flatMap((check) => check(entry.text, denied, refused) ?? []);
    return [...shared, ...found].map((warning): CommandWarning => ({ index: entry.index, warning }));
  });
  return [...warnings, ...repeatWarnings(entries)];
}

function creates({ named }: ListEntry): boolean {
  return named.kind === 'group'
    ? named.group.allows.includes('container run')
    : named.command.defining.includes('ContainerCreate');
}

function covers({ named }: ListEntry, name: string): boolean {
  return named.kind === 'group' ? named.group.allows.includes(name) : named.command.name === name;
}

function allowChecks(entry: ListEntry, permitted: Permitted): readonly string[] {
  const { text } = entry;
  const opensBuildKit = permitted.has('Grpc');
  const found: string[] = [];
  if (creates(entry) && !permitted.has('ImagePull')) {
    found.push(`allowing "${text}" without "pull": images that are absent locally are not pulled, the command fails`);
  }
  if (covers(entry, 'image build') && !permitted.has('ImagePush')) {
    found.push(
      `allowing "${text}" also allows pushing: a BuildKit build can export to a registry, which cannot be seen from outside`,
    );
  }
  if (covers(entry, 'builder prune') && !opensBuildKit) {
    found.push(
      `allowing "${text}" without "build": clients with buildx prune inside a build session, which stays refused`,
    );
  }
  return found;
}

/** Warnings of an allow list, in the order of its entries. */
export function allowWarnings(entries: readonly ListEntry[], permitted: Permitted): readonly CommandWarning[] {
  if (entries.length === 0) {
    return [
      {
        warning:
          'the command list allows nothing: type is "allow" and commands is empty, so that only ping and version pass',
      },
    ];
  }
  const warnings = entries.flatMap((entry) =>
    allowChecks(entry, permitted).map((warning): CommandWarning => ({ index: entry.index, warning })),
  );
  return [...warnings, ...repeatWarnings(entries)];
}
