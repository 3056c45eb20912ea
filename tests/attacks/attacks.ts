// `npm run attacks`: tries everything that is known against a filtered Docker socket; see docs/attack-suite.md.
import { classes } from './cases/classes.ts';
import { type Options, readOptions } from './options.ts';
import { document, gotPast, line, table } from './run/report.ts';
import { type Result, runAttacks, runGenerated, selected } from './run/run-suite.ts';
import { NoStage } from './stage/no-stage.ts';
import { openStage } from './stage/stage.ts';

process.exitCode = await main(readOptions(process.argv.slice(2))).catch((error: unknown) => {
  if (!(error instanceof NoStage)) throw error;
  console.error(`attacks: ${error.message}`);
  return 2;
});

async function main(options: Options): Promise<number> {
  const stage = await openStage(options);
  try {
    const show = options.json ? () => {} : (text: string) => console.log(text);
    const walk = { onResult: (one: Result) => show(line(one)) };
    const known = await runAttacks(stage, selected(classes, options), walk);
    const generated = { runs: options.generated, seed: options.seed, only: options.only };
    const results = options.generated === 0 ? known : [...known, ...(await runGenerated(stage, generated, walk))];
    if (results.length === 0) throw new NoStage('nothing was tried: the short walk has none of what --only names');
    console.log(options.json ? JSON.stringify(document(stage, results), null, 2) : table(results));
    return gotPast(results).length === 0 ? 0 : 1;
  } finally {
    await stage.close();
  }
}
