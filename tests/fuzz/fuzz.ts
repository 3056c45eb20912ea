// `npm run fuzz`: has the readers of what comes from outside read changed and generated inputs. With `--keep` what a
// run found becomes the corpus in git.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Argument, Command } from 'commander';
import { wholeNumber } from '../options/whole-number.ts';
import { chosenSeed } from '../system/clients/seeded.ts';
import { nameOf, readCorpus, writeCorpus } from './corpus.ts';
import { type Finding, fuzz } from './fuzzer.ts';
import type { Target } from './target.ts';
import { targets } from './targets.ts';

/** What is in git is to be read by people, and replayed by every `npm test`. */
const MOST_KEPT = 60;
const FINDINGS = fileURLToPath(new URL('../../.cache/fuzz/', import.meta.url));

const names = targets.map(({ name }) => name);
const command = new Command('fuzz')
  .description('Has the readers of what comes from outside read changed and generated inputs.')
  .addArgument(new Argument('[targets...]', 'default: all').choices(names))
  .option('--seconds <number>', 'how long each target is fuzzed', wholeNumber, 60)
  .option('--keep', 'makes what the run found the corpus in git', false)
  .parse();
const { seconds, keep } = command.opts<{ readonly seconds: number; readonly keep: boolean }>();
const chosen = command.args.length === 0 ? targets : targets.filter(({ name }) => command.args.includes(name));

function tell(target: Target, { input, problem }: Finding): void {
  mkdirSync(FINDINGS, { recursive: true });
  const file = `${FINDINGS}${target.name}-${nameOf(input)}`;
  writeFileSync(file, input);
  console.log(
    `${target.name}: ${problem}\n  of ${JSON.stringify(Buffer.from(input).toString('latin1'))}, kept as ${file}`,
  );
}

const seed = chosenSeed();
console.log(`LOCKKEEPER_SEED=${seed}`);
for (const target of chosen) {
  const corpus = readCorpus(target.name).map(({ bytes }) => bytes);
  const result = await fuzz(target, { seconds, seed, corpus, distilled: keep });
  const { executions, covered, finding } = result;
  console.log(
    `${target.name}: ${executions} executions in ${seconds} s, ${covered} bytes of source covered by ` +
      `${result.corpus.length} inputs, ${finding === undefined ? 'nothing' : 'something'} found`,
  );
  if (finding !== undefined) {
    tell(target, finding);
    process.exitCode = 1;
  } else if (keep) {
    writeCorpus(target.name, result.corpus.filter(({ length }) => length > 0).slice(0, MOST_KEPT));
  }
}
