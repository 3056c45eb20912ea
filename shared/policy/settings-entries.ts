import { compileCommandList } from '../commands/command-list.ts';
import { type ImageListEntry, parseImageListEntry } from '../images/image-list-entry.ts';
import { compilePathGlob, matchesPathGlob } from '../images/path-glob.ts';
import { member } from '../json/fold.ts';
import type { JsonNode } from '../json/read-json.ts';
import { findValue, type KeyRemark } from './settings-keys.ts';

export interface EntryRemarks {
  readonly problems: readonly KeyRemark[];
  readonly warnings: readonly KeyRemark[];
}

const mount = ['enhancedContainerIsolation', 'dockerSocketMount'] as const;
const imageListPath: readonly string[] = [...mount, 'imageList'];
const commandListPath: readonly string[] = [...mount, 'commandList'];

/**
 * Repositories that hold a bare operating system. Nearly every image is built on one of them, so that as parents of
 * derived images they admit nearly everything.
 */
const distributions = [
  'almalinux',
  'alpine',
  'alt',
  'amazonlinux',
  'archlinux',
  'busybox',
  'centos',
  'clearlinux',
  'debian',
  'fedora',
  'mageia',
  'opensuse',
  'oraclelinux',
  'photon',
  'rockylinux',
  'ubi8',
  'ubi9',
  'ubuntu',
];

/** Checks the image list and the command list of a document, as far as their entries are strings at all. */
export function checkEntries(root: JsonNode): EntryRemarks {
  const images = checkImages(root);
  const commands = checkCommands(root);
  return {
    problems: [...images.problems, ...commands.problems],
    warnings: [...images.warnings, ...commands.warnings],
  };
}

interface StringItem extends KeyRemark {
  readonly ownSubject: true;
}

/** The strings of a list; what else stands in it is the schema's to refuse. */
function stringItems(root: JsonNode, path: readonly string[]): StringItem[] {
  const node = valueAt(root, path);
  if (node?.kind !== 'array') {
    return [];
  }
  return node.items.flatMap((item, index) =>
    item.kind === 'string' ? [{ path: [...path, index], offset: item.start, text: item.value, ownSubject: true }] : [],
  );
}

/** The value at a path of keys, where there is one. */
function valueAt(root: JsonNode, keys: readonly string[]): JsonNode | undefined {
  return keys.reduce<JsonNode | undefined>((node, key) => (node === undefined ? undefined : member(node, key)), root);
}

function checkImages(root: JsonNode): EntryRemarks {
  const problems: KeyRemark[] = [];
  const warnings: KeyRemark[] = [];
  const derived = valueAt(root, [...imageListPath, 'allowDerivedImages']);
  const derivedAllowed = derived?.kind === 'boolean' && derived.value;
  for (const item of stringItems(root, [...imageListPath, 'images'])) {
    const parsed = parseImageListEntry(item.text);
    if (!parsed.ok) {
      problems.push({ ...item, text: parsed.problem });
      continue;
    }
    warnings.push(...parsed.warnings.map((text) => ({ ...item, text })));
    const base = derivedAllowed ? bareDistribution(parsed.entry) : undefined;
    if (base !== undefined) {
      const text = `${JSON.stringify(item.text)} admits the base image ${base}, and allowDerivedImages is true: every local image that is built on it may have the Docker socket. List the images that your tools are built on instead.`;
      warnings.push({ ...item, text });
    }
  }
  return { problems, warnings };
}

/** The distribution whose bare image an entry admits, as far as its name tells. */
function bareDistribution(entry: ImageListEntry): string | undefined {
  if (entry.kind === 'everything') {
    return undefined;
  }
  if (entry.kind === 'glob') {
    const glob = compilePathGlob(entry.pattern);
    return distributions.find((name) => matchesPathGlob(glob, name) || matchesPathGlob(glob, `library/${name}`));
  }
  const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
  return distributions.find((distribution) => distribution === name);
}

function checkCommands(root: JsonNode): EntryRemarks {
  const typeNode = valueAt(root, [...commandListPath, 'type']);
  const type = typeNode?.kind === 'string' && typeNode.value === 'allow' ? 'allow' : 'deny';
  const items = stringItems(root, [...commandListPath, 'commands']);
  const compiled = compileCommandList({ type, commands: items.map(({ text }) => text) });
  const place = (index: number | undefined, text: string): KeyRemark => {
    const item = index === undefined ? undefined : items[index];
    return item === undefined
      ? { path: commandListPath, offset: findValue(root, commandListPath).offset, text, ownSubject: true }
      : { ...item, text };
  };
  if (!compiled.ok) {
    return { problems: compiled.problems.map(({ index, problem }) => place(index, problem)), warnings: [] };
  }
  return { problems: [], warnings: compiled.warnings.map(({ index, warning }) => place(index, warning)) };
}
