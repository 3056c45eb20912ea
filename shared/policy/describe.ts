import type { DescribedOperation, PolicyDescription } from '../ipc/policy.ts';
import { renderRemark } from './admin-settings.ts';
import { paths, policyPaths } from './builtin-values.ts';
import { describeCommands } from './describe-commands.ts';
import { describeOperations } from './describe-operations.ts';
import { isObserving, type PolicyState } from './policy.ts';

/** Describes what is in force; images and operations are read back from the compiled lists, not from the settings. */
export function describePolicy(state: PolicyState): PolicyDescription {
  const { kind, generation, problems } = state;
  const operations = describeOperations(state);
  const commands = describeCommands(operations);
  if (state.kind === 'closed') {
    const nothing = { values: [], images: [], warnings: [] };
    return { kind, generation, enforced: true, observing: false, ...nothing, operations, commands, problems };
  }
  const { policy, warnings, lastGoodFrom } = state;
  const description: PolicyDescription = {
    kind,
    generation,
    enforced: policy.values[paths.enforced],
    observing: isObserving(state),
    values: policyPaths.map((path) => ({ path, value: policy.values[path], origin: policy.origins[path] })),
    images: policy.imageList.entries.map(({ text, normalised }) => ({ entry: text, normalised })),
    operations,
    commands,
    warnings,
    problems,
  };
  return lastGoodFrom === undefined ? description : { ...description, lastGoodFrom };
}

/** The description for people, in lines that end with a line feed. */
export function renderPolicy(description: PolicyDescription): string {
  const sections = [
    headline(description),
    remarks('Problems', description.problems.map(renderRemark)),
    remarks('Warnings', description.warnings.map(renderRemark)),
    values(description),
    images(description),
    operations(description),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headline({ kind, enforced, observing, problems, lastGoodFrom }: PolicyDescription): string[] {
  if (kind === 'closed') {
    return [
      'NO USABLE POLICY: no container may mount the Docker socket, and filtered sockets answer nothing but ping and version.',
    ];
  }
  const lines = enforced
    ? ['Enforced: containers get a Docker socket by the image list only, and it is filtered by the command list.']
    : ['NOT ENFORCED: every container may mount the Docker socket, and nothing is filtered.'];
  if (enforced && observing) {
    lines.push('OBSERVED ONLY: nothing is blocked now; what would be goes on and is recorded.');
  }
  if (problems.length > 0) {
    lines.push(
      `A settings file cannot be used. The last good policy stays in force, stored ${lastGoodFrom ?? 'before'}.`,
    );
  }
  return lines;
}

function remarks(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function values({ values: described }: PolicyDescription): string[] {
  if (described.length === 0) {
    return [];
  }
  return [
    'Values:',
    ...described.map(({ path, value, origin }) => `  ${path} = ${JSON.stringify(value)}  (${originWords(origin)})`),
  ];
}

function originWords({ source, file, locked }: PolicyDescription['values'][number]['origin']): string {
  const words = {
    'built-in': 'built-in',
    admin: "administrator's file",
    user: "user's file",
    'command-line': '--settings',
  };
  return [words[source], ...(file === undefined ? [] : [file]), ...(locked ? ['locked'] : [])].join(', ');
}

function images({ kind, images: described }: PolicyDescription): string[] {
  if (described.length === 0) {
    return kind === 'closed' ? [] : ['Images that may have a Docker socket: none'];
  }
  return [
    'Images that may have a Docker socket:',
    ...described.map(({ entry, normalised }) => (entry === normalised ? `  ${entry}` : `  ${entry}  = ${normalised}`)),
  ];
}

/** Names the smaller part of the requests: what a deny list refuses, or what an allow list lets through. */
function operations({ operations: described }: PolicyDescription): string[] {
  const refused = described.filter(({ verdict }) => verdict === 'refuse');
  const passed = described.filter(({ verdict }) => verdict !== 'refuse');
  if (refused.length === 0) {
    return ['Requests refused on filtered sockets: none'];
  }
  return refused.length <= passed.length
    ? [
        `Requests refused on filtered sockets (${refused.length} of ${described.length}; the others pass):`,
        ...refused.map((operation) => requestLine(operation, operation.rule ?? '')),
      ]
    : [
        `Requests that pass on filtered sockets (${passed.length} of ${described.length}; the others are refused):`,
        ...passed.map((operation) =>
          requestLine(operation, operation.verdict === 'own' ? 'containers created through the same socket' : ''),
        ),
      ];
}

function requestLine({ request }: DescribedOperation, remark: string): string {
  return remark === '' ? `  ${request}` : `  ${request}  (${remark})`;
}
