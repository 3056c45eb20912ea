/**
 * `npm run bench`: what the way through Lockkeeper costs, against the engine itself and against HAProxy, all in one run
 * on a private engine. `--json` prints the figures, `--rounds N` and `--seconds N` say how long to measure.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Lab, startLab } from '../lab/lab.ts';
import { startLockkeeper } from '../system/running.ts';
import { memory } from './cost.ts';
import { machine, type Report, type Result, summary, table } from './report.ts';
import { benchRows, type Material, type Measured, type Row } from './rows.ts';
import { direct, haproxy, lockkeeper, type Target } from './targets.ts';

const BULK_MEGABYTES = 512;
const CONTAINERS = 20;
/** A row takes seconds. */
const MOST_MS = 120_000;

interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly json: boolean;
}

async function main(options: Options): Promise<void> {
  say('Starting a private Docker engine …');
  const lab = await startLab({ name: 'bench' });
  try {
    mkdirSync(lab.work, { recursive: true });
    const material = await prepare(lab, options.seconds);
    const keeper = await startLockkeeper(lab, { images: ['docker:cli'], commands: ['push'] });
    try {
      const proxy = await haproxy(lab);
      try {
        const targets = [direct(lab), proxy.target, ...lockkeeper(keeper)];
        const report = await measure(lab, targets, material, options);
        console.log(options.json ? JSON.stringify(report, undefined, 2) : `\n${table(report)}`);
      } finally {
        await proxy.stop();
      }
    } finally {
      await keeper.stop();
    }
  } finally {
    await lab.stop();
  }
}

async function prepare(lab: Lab, seconds: number): Promise<Material> {
  say(`Making ${CONTAINERS} containers and ${BULK_MEGABYTES} MB …`);
  await lab.dockerOutput(['pull', '-q', 'alpine']);
  // Never started, so that the list is the same each time it is asked for.
  for (let count = 1; count < CONTAINERS; count += 1) await lab.dockerOutput(['create', 'alpine']);
  const fill = `head -c ${BULK_MEGABYTES * 1e6} /dev/urandom >/bulk`;
  const container = await lab.dockerOutput(['run', '-d', 'alpine', 'sh', '-c', fill]);
  await lab.dockerOutput(['wait', container]);
  const archive = join(lab.work, 'bulk.tar');
  await lab.dockerOutput(['commit', container, 'bulk'], { timeoutMs: 300_000 });
  await lab.dockerOutput(['save', '-o', archive, 'bulk'], { timeoutMs: 300_000 });
  return { container, archive, seconds };
}

/** Round by round, each row at each target: what drifts on the machine drifts for all of them. */
async function measure(lab: Lab, targets: readonly Target[], material: Material, { rounds }: Options): Promise<Report> {
  const results: Result[] = [];
  for (const row of benchRows(material)) {
    say(row.name);
    const measured: Measured[][] = [];
    // What is read the first time comes from the disk, and code that runs the first time is not compiled yet.
    for (const target of targets) await timed(row, target);
    for (let round = 0; round < rounds; round += 1) {
      const now: Measured[] = [];
      for (const target of targets) now.push(await timed(row, target));
      measured.push(now);
    }
    results.push(summary(row, targets, measured));
  }
  const version = await lab.dockerOutput(['version', '-f', '{{.Server.Version}}']);
  return {
    machine: machine(),
    engine: `Docker engine ${version}`,
    rounds,
    results,
    memory: targets.flatMap(({ name, pid }) => (pid === undefined ? [] : [{ target: name, ...memory(pid) }])),
  };
}

/** Runs a row once; one that comes to no end is an error that says which. */
async function timed(row: Row, target: Target): Promise<Measured> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no end within ${MOST_MS / 1000} s: ${row.name}, ${target.name}`);
    timer = setTimeout(() => reject(error), MOST_MS);
  });
  try {
    return await Promise.race([row.run(target), late]);
  } finally {
    clearTimeout(timer);
  }
}

function say(what: string): void {
  console.error(what);
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
await main({ rounds: Number(values.rounds), seconds: Number(values.seconds), json: values.json });
