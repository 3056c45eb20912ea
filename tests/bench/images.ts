import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { systemClocks } from '../../main/clocks/clocks.ts';
import { engineClient } from '../../main/engine/engine-client.ts';
import { openLedger } from '../../main/images/digest-ledger.ts';
import { digestResolver } from '../../main/images/digest-resolver.ts';
import { imageFacts } from '../../main/images/image-facts.ts';
import type { Policy } from '../../shared/policy/policy.ts';
import { type AttachedLab, ENGINES, type EngineRelease, request, startLab } from '../lab/lab.ts';
import { layerOf } from '../lab/layer.ts';
import { ARCHITECTURE } from '../lab/storage.ts';
import { listing } from '../unit/main/images/listing.ts';
import { median } from './report.ts';

const IMAGES = 500;
const ENTRIES = 100;
const CACHED_CHECKS = 50;
/** Two, so that one can be new where the other was looked for. */
const DERIVED = ['bench-derived:1', 'bench-derived:2'] as const;

const ROWS = {
  unprepared: `before any of ${IMAGES} images was looked at, ${ENTRIES} entries`,
  first: 'at first, as after the start of Lockkeeper',
  known: 'once known',
  engine: 'of that, the engine: one image inspected',
} as const;

/** Milliseconds on one engine: the median over the rounds, and the longest. */
export interface ImageResult {
  readonly engine: string;
  readonly rows: Readonly<Record<keyof typeof ROWS, { readonly median: number; readonly most: number }>>;
}

/** How long it takes to find that an image is derived, among many images and entries, at first and when it is known. */
export async function measureImages(rounds: number, say: (what: string) => void): Promise<readonly ImageResult[]> {
  const results: ImageResult[] = [];
  for (const release of ENGINES.filter(isMeasured)) {
    say(`Images on ${release.title} …`);
    const lab = await startLab({ name: 'bench', release });
    try {
      results.push({ engine: release.title, rows: await measureOn(lab, rounds) });
    } finally {
      await lab.stop();
    }
  }
  return results;
}

/** One of each store. */
function isMeasured({ version, store, available }: EngineRelease): boolean {
  return available && (version === '20.10' || store === 'containerd');
}

async function measureOn(lab: AttachedLab, rounds: number): Promise<ImageResult['rows']> {
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
  await lab.dockerOutput(['load', '--quiet'], { stdin: await manyImages(), timeoutMs: 600_000 });
  for (const name of DERIVED) await lab.loadLocalOnly(name, { from: 'docker:cli', files: { '/derived': name } });
  const times: Record<keyof typeof ROWS, number[]> = { unprepared: [], first: [], known: [], engine: [] };
  for (let round = 0; round < rounds; round += 1) {
    const { check, inspect } = await checker(lab, listing(entries(), { allowDerived: true }));
    times.unprepared.push(await check(DERIVED[0]));
    times.first.push(await check(DERIVED[1]));
    for (let count = 0; count < CACHED_CHECKS; count += 1) {
      times.known.push(await check(DERIVED[1]));
      times.engine.push(await inspect(DERIVED[1]));
    }
  }
  const { unprepared, first, known, engine } = times;
  return { unprepared: inShort(unprepared), first: inShort(first), known: inShort(known), engine: inShort(engine) };
}

/** As after a start with nothing known: no registry has been asked either. */
async function checker(lab: AttachedLab, policy: Policy) {
  const engine = engineClient({ kind: 'socket', url: lab.engineUrl, path: lab.engineSocket });
  const stateFolder = mkdtempSync(join(lab.work, 'images-'));
  const ledger = await openLedger({ stateFolder, trust: async () => undefined, onProblem: () => undefined });
  const credentials = async () => ({ kind: 'none', why: '' }) as const;
  const resolver = digestResolver({ engine, ledger, credentials, record: () => undefined, clocks: systemClocks });
  const facts = imageFacts({ engine, resolver, ledger });
  // The library that talks to the engine is loaded at the first question, which the service asks at its start.
  await engine.info();
  return {
    async check(name: string): Promise<number> {
      const start = performance.now();
      const fact = await facts.gather(name, policy);
      const took = performance.now() - start;
      const verdict = fact.kind === 'present' ? fact.derived?.[0]?.verdict : fact.kind;
      if (verdict !== 'derived') throw new Error(`${name} is ${verdict}`);
      return took;
    },
    async inspect(name: string): Promise<number> {
      const start = performance.now();
      await request(lab.engineSocket, `/images/${name}/json`);
      return performance.now() - start;
    },
  };
}

/** So that each of the images may be a parent: some by their own entry, and all by the last. */
function entries(): readonly string[] {
  const own = Array.from({ length: ENTRIES - 2 }, (_, number) =>
    number % 2 === 0 ? `bench/app${number}:1` : `bench/app${number}:*`,
  );
  return [...own, 'docker:cli', 'bench/*:*'];
}

/** One archive of images that share their layers, and differ in their settings. */
async function manyImages(): Promise<Uint8Array> {
  const layers = [await layerOf({ '/one': '1' }), await layerOf({ '/two': '2' })];
  const rootfs = { type: 'layers', diff_ids: layers.map(({ digest }) => digest) };
  const names = Array.from({ length: IMAGES }, (_, number) => `app${number}`);
  const config = (name: string) =>
    JSON.stringify({ architecture: ARCHITECTURE, os: 'linux', config: { Env: [`NAME=${name}`] }, rootfs });
  const files = layers.map((_, place) => `layer${place}.tar`);
  const manifest = names.map((name) => ({
    Config: `${name}.json`,
    RepoTags: [`bench/${name}:1`],
    Layers: files,
  }));
  const archive = await layerOf({
    ...Object.fromEntries(layers.map(({ bytes }, place) => [`layer${place}.tar`, bytes])),
    ...Object.fromEntries(names.map((name) => [`${name}.json`, config(name)])),
    'manifest.json': JSON.stringify(manifest),
  });
  return archive.bytes;
}

function inShort(times: readonly number[]) {
  return { median: median(times), most: Math.max(...times) };
}

/** The results as a Markdown table. */
export function imageTable(results: readonly ImageResult[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const names = Object.keys(ROWS) as (keyof typeof ROWS)[];
  return [
    line(['derived image', ...results.map(({ engine }) => engine)]),
    line(['---', ...results.map(() => '---')]),
    ...names.map((name) =>
      line([
        ROWS[name],
        ...results.map(({ rows }) => `${rows[name].median.toFixed(1)} ms (${rows[name].most.toFixed(1)})`),
      ]),
    ),
  ].join('\n');
}
