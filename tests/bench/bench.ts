/**
 * `npm run bench`: what the way through Lockkeeper costs, against the engine itself and against HAProxy, all in one run
 * on a private engine. `--json` prints the figures, `--rounds N` and `--seconds N` say how long to measure. `--window`
 * compares the gate in the desktop app, whose window shows events all the time, with the headless one. `--images`
 * measures how long it takes to find that an image is derived.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { type Lab, startLab } from '../lab/lab.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { startLockkeeper } from '../system/running.ts';
import { electronMissing } from '../system/window/shells/electron.ts';
import { memory } from './cost.ts';
import { imageTable, measureImages } from './images.ts';
import { measure } from './measure.ts';
import { machine, type Report, type Result, table } from './report.ts';
import { benchRows, type Material } from './rows.ts';
import { direct, haproxy, lockkeeper, type Target } from './targets.ts';
import { amidEvents, withWindow } from './window.ts';

const BULK_MEGABYTES = 512;
const CONTAINERS = 20;

interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly json: boolean;
  readonly window: boolean;
}

async function main(options: Options): Promise<void> {
  say('Starting a private Docker engine …');
  const lab = await startLab({ name: 'bench' });
  try {
    mkdirSync(lab.work, { recursive: true });
    const material = await prepare(lab, options.seconds);
    const compare = options.window ? compareWindow : compareWays;
    const report = await compare(lab, material, options.rounds);
    console.log(options.json ? JSON.stringify(report, undefined, 2) : `\n${table(report)}`);
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

/** What the way through costs, against the engine itself and HAProxy. */
async function compareWays(lab: Lab, material: Material, rounds: number): Promise<Report> {
  const keeper = await startLockkeeper(lab, { images: ['docker:cli'], commands: ['push'] });
  try {
    const proxy = await haproxy(lab);
    try {
      const targets = [direct(lab), proxy.target, ...lockkeeper(keeper)];
      return await reportOf(lab, targets, rounds, await measure(benchRows(material), targets, rounds));
    } finally {
      await proxy.stop();
    }
  } finally {
    await keeper.stop();
  }
}

/** Whether the gate feels the window that is open beside it. */
async function compareWindow(lab: Lab, material: Material, rounds: number): Promise<Report> {
  const rows = benchRows(material).filter(({ unit }) => unit === 'requests/s');
  return withWindow(lab, async (targets) =>
    reportOf(lab, targets, rounds, await measure(rows.map(amidEvents), targets, rounds)),
  );
}

async function reportOf(lab: Lab, targets: readonly Target[], rounds: number, results: Result[]): Promise<Report> {
  const version = await lab.dockerOutput(['version', '-f', '{{.Server.Version}}']);
  return {
    machine: machine(),
    engine: `Docker engine ${version}`,
    rounds,
    results,
    memory: targets.flatMap(({ name, pid }) => (pid === undefined ? [] : [{ target: name, ...memory(pid) }])),
  };
}

function say(what: string): void {
  console.error(what);
}

interface Wanted extends Options {
  readonly images: boolean;
}

const { rounds, seconds, json, window, images } = new Command('bench')
  .description('Measures what the way through costs, beside the engine itself and other ways to it.')
  .option('--rounds <number>', 'how often everything is measured', wholeNumber, 5)
  .option('--seconds <number>', 'how long each measurement takes', wholeNumber, 2)
  .option('--json', 'one JSON document', false)
  .option('--window', 'with the desktop app', false)
  .option('--images', 'what proofs of images cost', false)
  .parse()
  .opts<Wanted>();
if (window && electronMissing !== undefined) {
  say(`The window cannot be opened: ${electronMissing}.`);
  process.exitCode = 3;
} else if (images) {
  const results = await measureImages(rounds, say);
  console.log(
    json ? JSON.stringify({ machine: machine(), results }, undefined, 2) : `\n${machine()}\n\n${imageTable(results)}`,
  );
} else {
  await main({ rounds, seconds, json, window });
}
