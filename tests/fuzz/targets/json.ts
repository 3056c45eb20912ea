import fc from 'fast-check';
import { checkedMember, foldKey } from '../../../shared/json/fold.ts';
import { type JsonNode, readJson, toValue } from '../../../shared/json/read-json.ts';
import { holds, same, type Target } from '../target.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What JSON.parse makes of the bytes; `refused` when it takes them for no JSON. */
function parsed(input: Uint8Array): { value: unknown } | 'refused' {
  try {
    return { value: JSON.parse(utf8.decode(input)) };
  } catch {
    return 'refused';
  }
}

/** Nothing else of what JSON.parse takes is refused. */
const STRICTER = /twice|surrogate|nested more than|more than \d+ values|longer than \d+ characters/;

function* nodesOf(node: JsonNode): Generator<JsonNode> {
  yield node;
  if (node.kind === 'array') for (const item of node.items) yield* nodesOf(item);
  if (node.kind === 'object') for (const { value } of node.members) yield* nodesOf(value);
}

/** The bytes at the offsets of a key or a scalar are that key or scalar, and a container's begin and end with its brackets. */
function checkOffsets(input: Uint8Array, node: JsonNode): void {
  const bytes = input.subarray(node.start, node.end);
  if (node.kind === 'object' || node.kind === 'array') {
    const brackets = String.fromCharCode(bytes[0] ?? 0, bytes.at(-1) ?? 0);
    same('the brackets', brackets, node.kind === 'object' ? '{}' : '[]');
  } else {
    same('the bytes of a value', parsed(bytes), { value: toValue(node) });
  }
  const members = node.kind === 'object' ? node.members : [];
  holds('a key comes twice', new Set(members.map(({ key }) => key)).size === members.length);
  for (const { key, keyStart, keyEnd } of members) {
    same('the bytes of a key', parsed(input.subarray(keyStart, keyEnd)), { value: key });
  }
}

/** Fields that the engine reads, and what Go takes for each: simple case folding as JavaScript's own expressions have it. */
const FIELDS = ['Image', 'HostConfig', 'Binds', 'Mounts', 'Source', 'NetworkMode', 'SecurityOpt'].map((name) => ({
  name,
  goTakes: new RegExp(`^${name}$`, 'iu'),
}));

/** A field's value is given out only if the engine can take nothing else for it. */
function checkField(object: JsonNode & { kind: 'object' }, name: string, goTakes: RegExp): void {
  const alike = object.members.filter(({ key }) => goTakes.test(key));
  for (const { key } of alike) same('the folded key', foldKey(key), foldKey(name));
  const found = checkedMember(object, name);
  const only = alike.length === 1 && alike[0]?.key === name ? alike[0].value : undefined;
  if (found.ok) same(`the value of ${name}`, found.value, only);
  holds(`${name} is ${found.ok ? 'taken' : 'refused'}`, found.ok === (alike.length === 0 || only !== undefined));
}

/** What is accepted JSON.parse reads alike; what is refused it refuses, or it is one of the few things that Go bends. */
export function checkJson(input: Uint8Array): void {
  const ours = readJson(input);
  const theirs = parsed(input);
  if (!ours.ok) {
    holds('the offset is outside', ours.offset >= 0 && ours.offset <= input.length);
    if (theirs !== 'refused') holds(`refused without need: ${ours.problem}`, STRICTER.test(ours.problem));
    return;
  }
  same('JSON.parse reads it otherwise', { value: toValue(ours.node) }, theirs);
  const spelled = Uint8Array.from(Buffer.from(JSON.stringify(toValue(ours.node))));
  const again = readJson(spelled);
  holds('our own spelling is not read', again.ok);
  if (again.ok) same('our own spelling is read otherwise', toValue(again.node), toValue(ours.node));
  for (const node of nodesOf(ours.node)) {
    checkOffsets(input, node);
    if (node.kind === 'object') for (const { name, goTakes } of FIELDS) checkField(node, name, goTakes);
  }
}

const key = fc.oneof(
  fc.constantFrom(
    ...FIELDS.map(({ name }) => name),
    'image',
    'HO\u017fTCONFIG',
    'Bind\u017f',
    'Networ\u212aMode',
    '__proto__',
    'constructor',
    '',
  ),
  fc.string({ maxLength: 4 }),
);

export const jsonDocuments: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.jsonValue({ maxDepth: 1, stringUnit: 'binary' }),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
})).object;

export const json: Target = {
  name: 'json',
  files: ['shared/json/'],
  words: [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    'null',
    'true',
    'false',
    '-',
    '0',
    '1e5',
    '.',
    'E+',
    '\\u00e9',
    '\\ud83d',
    '\\ude00',
    '\\u0000',
    '\\/',
    '\ufeff',
    '"Image":',
    '"image":',
    '"HostConfig":',
    '"Ho\u017ftConfig":',
    '"Networ\u212aMode":',
    '"__proto__":',
    '// x\n',
    '[[[[',
    '{"a":',
    'NaN',
    '\u2028',
    '9223372036854775807',
  ],
  inputs: fc
    .tuple(jsonDocuments, fc.nat(2))
    .map(([value, indent]) => Uint8Array.from(Buffer.from(JSON.stringify(value, null, indent)))),
  longest: 600,
  mostBlocksPerByte: 100,
  check: checkJson,
};
