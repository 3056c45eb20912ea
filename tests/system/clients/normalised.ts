/** What differs between any two runs: IDs, times, durations, addresses and numbers of processes. In this order. */
const VARIABLES: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{64}\b/g, 'ID'],
  [/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, 'MAC'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?: ?[+-]\d\d:?\d\d(?: UTC)?|Z)?/g, 'TIME'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [\w ]{5,7}(?:\d{4} )?[\d:]{8} (?:GMT|\d{4})\b/g, 'TIME'],
  [/\b[0-9a-f]{12}\b/g, 'ID'],
  // Of swarm's objects.
  [/\b(?=[a-z]*\d)[0-9a-z]{25}\b/g, 'ID'],
  // Said of a layer only when that took a moment: the engine leaves progress out that is already outdated.
  [/^ID: (?:Verifying Checksum|Download complete|Waiting)\n/gm, ''],
  [/\b(?:Less than a second|About (?:a|an) \w+|\d+ (?:second|minute|hour)s?)( ago)?/g, 'AGE'],
  [/\b\d+(?:\.\d+)?m?s\b/g, 'DURATION'],
  [/\b172\.\d+\.\d+\.\d+\b/g, 'IP'],
  [/"(Pid|Created)": ?\d+/g, '"$1": N'],
  [/\b(docker-import-)\d+/g, '$1N'],
  // A small image's size in containerd's store counts its config, whose times have as many digits as they need.
  [/\b\d+(?:\.\d+)?kB\b/g, 'SIZE'],
  // Columns are as wide as their longest value.
  [/ {3,}/g, '   '],
];

/** The same value with what differs between any two runs taken out, in all its texts. */
export function normalised<T>(value: T, secrets: readonly string[] = []): T {
  return replaced(value, (text) => {
    const known = secrets.reduce((left, secret) => left.replaceAll(secret, 'WAY'), text);
    return VARIABLES.reduce((left, [pattern, name]) => left.replace(pattern, name), known);
  }) as T;
}

function replaced(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => replaced(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [replace(key), replaced(item, replace)]));
}
