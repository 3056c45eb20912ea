import { run } from './cli/program.ts';

// Set, not called: what is still on its way to a pipe is written before the process ends by itself.
process.exitCode = await run(process.argv.slice(2));
