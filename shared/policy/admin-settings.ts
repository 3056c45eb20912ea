import { type JsonNode, readJson, toValue } from '../json/read-json.ts';
import type { PolicyValues, SettingsRemark } from './policy.ts';
import { type SettingsBytes, settingsBytes } from './settings-bytes.ts';
import { checkEntries } from './settings-entries.ts';
import { describeIssue } from './settings-issues.ts';
import { canonicalKeys, dottedPath, findValue, type KeyRemark, pathAt } from './settings-keys.ts';
import { type SettingsDocument, settingsSchema } from './settings-schema.ts';
import { syntaxProblem } from './settings-syntax.ts';

/** What one settings file says; values that it leaves open are absent. */
export interface Settings {
  /** Whether the file locks its values. Only the administrator's file can. */
  readonly locked: boolean;
  readonly values: GivenValues;
}

export type GivenValues = { readonly [Path in keyof PolicyValues]?: PolicyValues[Path] | undefined };

export type SettingsReading =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly SettingsRemark[] }
  | { readonly ok: false; readonly problems: readonly SettingsRemark[] };

/** More than anybody reads at once; a file of nothing but mistakes must not cost a remark for each of its bytes. */
const MOST_REMARKS = 100;

/**
 * Reads an `admin-settings.json`. Everything that is wrong with it is told in one go, with lines and columns; a file
 * with any mistake yields no settings at all, since half a policy may be a weaker one.
 *
 * @param file The path that remarks name; nothing is read from it here.
 */
export function readSettings(bytes: Uint8Array, file: string): SettingsReading {
  const problem = (place: { readonly line: number; readonly column: number }, text: string): SettingsReading => ({
    ok: false,
    problems: [{ file, ...place, text: fullStop(text) }],
  });
  const prepared = settingsBytes(bytes);
  if (!prepared.ok) {
    return problem({ line: 1, column: 1 }, prepared.problem);
  }
  if (isBlank(prepared.bytes)) {
    return problem({ line: 1, column: 1 }, 'The file is empty; write {} for a file that sets nothing');
  }
  const json = readJson(prepared.bytes);
  if (!json.ok) {
    return problem(prepared.place(json.offset), syntaxProblem(prepared.bytes, json));
  }
  return readDocument(json.node, prepared, file);
}

/** Nothing but JSON's white space (RFC 8259 section 2). */
function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}

function readDocument(root: JsonNode, prepared: SettingsBytes & { ok: true }, file: string): SettingsReading {
  const locate = (remarks: readonly KeyRemark[]) => locateRemarks(remarks, prepared, file);
  if (root.kind !== 'object') {
    const text = 'must hold one JSON object: { … }.';
    return { ok: false, problems: locate([{ path: [], offset: root.start, text }]) };
  }
  const document = canonicalKeys(root, settingsSchema);
  const entries = checkEntries(document.node);
  const parsed = settingsSchema.safeParse(toValue(document.node));
  const mistakes = parsed.success
    ? []
    : parsed.error.issues
        .slice(0, MOST_REMARKS)
        .flatMap((issue) => describeIssue(document.node, settingsSchema, issue, MOST_REMARKS + 1));
  const problems = [...document.problems, ...mistakes, ...entries.problems];
  if (!parsed.success || problems.length > 0) {
    return { ok: false, problems: locate(problems) };
  }
  const stars = prepared.escapedStars.slice(0, MOST_REMARKS + 1).map((offset) => starRemark(document.node, offset));
  const meaning = doubtfulValues(document.node, parsed.data);
  const warnings = locate([...document.warnings, ...stars, ...entries.warnings, ...meaning]);
  return { ok: true, settings: settingsOf(parsed.data), warnings };
}

function starRemark(root: JsonNode, offset: number): KeyRemark {
  const text = 'has a backslash before a star; it is read as the star alone, so write * without it.';
  return { path: pathAt(root, offset), offset, text };
}

/** Values that are valid, but that people may not have meant. */
function doubtfulValues(root: JsonNode, { enhancedContainerIsolation: section, lockkeeper }: SettingsDocument) {
  const remarks: KeyRemark[] = [];
  const warn = (path: readonly string[], text: string) =>
    remarks.push({ path, offset: findValue(root, path).offset, text });
  if (section?.value === false) {
    const text = 'is false: Lockkeeper is not enforced, every container may mount the Docker socket.';
    warn(['enhancedContainerIsolation', 'value'], text);
  }
  if (lockkeeper?.mode === 'observe') {
    const text = 'is "observe": nothing is blocked, what would be is only recorded.';
    warn(['lockkeeper', 'mode'], text);
  }
  if (lockkeeper?.containerSockets?.hostEscape === 'report') {
    const text =
      'is "report": whoever has a filtered socket can create a privileged container, and so has the machine.';
    warn(['lockkeeper', 'containerSockets', 'hostEscape'], text);
  }
  if (lockkeeper?.containerSockets?.bindFrom?.some((folder) => /^([A-Za-z]:[\\/]|\/)$/.test(folder)) === true) {
    const text = 'names the root folder: whoever has a filtered socket can bind everything.';
    warn(['lockkeeper', 'containerSockets', 'bindFrom'], text);
  }
  if (lockkeeper?.unknownOperations === 'pass') {
    const text = 'is "pass": what a newer engine can do passes the command list unseen.';
    warn(['lockkeeper', 'unknownOperations'], text);
  }
  return remarks;
}

function settingsOf({ enhancedContainerIsolation: section, lockkeeper }: SettingsDocument): Settings {
  const mount = section?.dockerSocketMount;
  return {
    locked: section?.locked ?? false,
    values: {
      'enhancedContainerIsolation.value': section?.value,
      'enhancedContainerIsolation.dockerSocketMount.imageList.images': mount?.imageList?.images,
      'enhancedContainerIsolation.dockerSocketMount.imageList.allowDerivedImages': mount?.imageList?.allowDerivedImages,
      'enhancedContainerIsolation.dockerSocketMount.commandList.type': mount?.commandList?.type,
      'enhancedContainerIsolation.dockerSocketMount.commandList.commands': mount?.commandList?.commands,
      'lockkeeper.mode': lockkeeper?.mode,
      'lockkeeper.hostGate.hostEscape': lockkeeper?.hostGate?.hostEscape,
      'lockkeeper.containerSockets.hostEscape': lockkeeper?.containerSockets?.hostEscape,
      'lockkeeper.containerSockets.allow': lockkeeper?.containerSockets?.allow,
      'lockkeeper.containerSockets.bindFrom': lockkeeper?.containerSockets?.bindFrom,
      'lockkeeper.unknownOperations': lockkeeper?.unknownOperations,
      'lockkeeper.offlineGraceHours': lockkeeper?.offlineGraceHours,
      'lockkeeper.previousDigestGraceHours': lockkeeper?.previousDigestGraceHours,
      'lockkeeper.resolveEveryMinutes': lockkeeper?.resolveEveryMinutes,
      'lockkeeper.localImages': lockkeeper?.localImages,
      'lockkeeper.audit.path': lockkeeper?.audit?.path,
      'lockkeeper.audit.maxMegabytes': lockkeeper?.audit?.maxMegabytes,
      'lockkeeper.audit.passes': lockkeeper?.audit?.passes,
      'lockkeeper.limits.connectionsPerSocket': lockkeeper?.limits?.connectionsPerSocket,
      'lockkeeper.limits.inspectedBodyMegabytes': lockkeeper?.limits?.inspectedBodyMegabytes,
      'lockkeeper.limits.heldMegabytes': lockkeeper?.limits?.heldMegabytes,
    },
  };
}

/** Remarks in the order of the file, with their lines, columns and paths. */
function locateRemarks(
  remarks: readonly KeyRemark[],
  { place }: SettingsBytes & { ok: true },
  file: string,
): readonly SettingsRemark[] {
  const located = [...remarks]
    .sort((one, other) => one.offset - other.offset)
    .slice(0, MOST_REMARKS)
    .map(({ path, offset, text, ownSubject }): SettingsRemark => {
      const dotted = dottedPath(path);
      const position = { file, ...place(offset) };
      if (dotted === '') {
        return { ...position, text: `The file ${text}` };
      }
      const glue = ownSubject === true ? ': ' : ' ';
      return { ...position, path: dotted, text: fullStop(dotted + glue + text) };
    });
  return remarks.length > located.length
    ? [...located, { file, text: `The file has more of these; the first ${MOST_REMARKS} are shown.` }]
    : located;
}

function fullStop(sentence: string): string {
  return /[.?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** A remark on one line, as compilers write theirs: `/etc/lockkeeper/admin-settings.json:4:5: …`. */
export function renderRemark({ file, line, column, text }: SettingsRemark): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return `${place}: ${text}`;
}
