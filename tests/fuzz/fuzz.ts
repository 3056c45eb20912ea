// `npm run fuzz`: has the readers of what comes from outside read changed and generated inputs. With `--keep` what a
// run found becomes the corpus in git.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chosenSeed } from '../system/clients/seeded.ts';
import { nameOf, readCorpus, writeCorpus } from './corpus.ts';
import { type Finding, fuzz } from './fuzzer.ts';
import type { Target } from './target.ts';
import { targets } from './targets.ts';

/** What is in git is to be read by people, and replayed by every `npm test`. */
const MOST_KEPT = 60;
const FINDINGS = fileURLToPath(new URL('../../.cache/fuzz/', import.meta.url));

const { values: options, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, keep: { type: 'boolean', default: false } },
  allowPositionals: true,
});

function chosenTargets(): readonly Target[] {
  const unknown = positionals.find((name) => !targets.some((target) => target.name === name));
  if (unknown !== undefined) {
    console.error(`there is no target ${unknown}; there are ${targets.map(({ name }) => name).join(', ')}`);
    process.exit(2);
  }
  return positionals.length === 0 ? targets : targets.filter(({ name }) => positionals.includes(name));
}

function tell(target: Target, { input, problem }: Finding): void {
  mkdirSync(FINDINGS, { recursive: true });
  const file = `${FINDINGS}${target.name}-${nameOf(input)}`;
  writeFileSync(file, input);
  console.log(
    `${target.name}: ${problem}\n  of ${JSON.stringify(Buffer.from(input).toString('latin1'))}, kept as ${file}`,
  );
}

const seed = chosenSeed();
const seconds = Number(options.seconds);
if (!(seconds >= 0)) {
  console.error(`--seconds ${options.seconds} is not a number of seconds`);
  process.exit(2);
}
console.log(`LOCKKEEPER_SEED=${seed}`);
for (const target of chosenTargets()) {
  const corpus = readCorpus(target.name).map(({ bytes }) => bytes);
  const result = await fuzz(target, { seconds, seed, corpus, distilled: options.keep });
  const { executions, covered, finding } = result;
  console.log(
    `${target.name}: ${executions} executions in ${seconds} s, ${covered} bytes of source covered by ` +
      `${result.corpus.length} inputs, ${finding === undefined ? 'nothing' : 'something'} found`,
  );
  if (finding !== undefined) {
    tell(target, finding);
    process.exitCode = 1;
  } else if (options.keep) {
    writeCorpus(target.name, result.corpus.filter(({ length }) => length > 0).slice(0, MOST_KEPT));
  }
}
