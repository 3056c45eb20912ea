import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { runOrThrow } from '../../lab/command.ts';

interface Sbom {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly hashes?: readonly unknown[];
  }[];
}

const checkout = new URL('../../../', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'lk-sbom-'));
let sbom: Sbom;
let listed: ReadonlySet<string>;
beforeAll(async () => {
  const output = join(folder, 'sbom.cdx.json');
  await runOrThrow(process.execPath, [join(checkout, 'build/sbom.mjs'), '--output', output], {
    env: { PATH: process.env.PATH ?? '', HOME: folder },
  });
  sbom = JSON.parse(readFileSync(output, 'utf8'));
  listed = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Packages that the built files still import, which are packed beside them. */
function imported(): readonly string[] {
  const files = readdirSync(join(checkout, 'dist/main'), { recursive: true, encoding: 'utf8' });
  const text = files
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(join(checkout, 'dist/main', file), 'utf8'))
    .join('\n');
  const names = [...text.matchAll(/\b(?:from|import)[ (]*["']((?:@[\w.-]+\/)?[a-z][\w.-]*)[^"']*["']/g)].map(
    ([, name = '']) => name,
  );
  return [...new Set(names)].filter(
    (name) => !builtinModules.includes(name) && !name.startsWith('.') && name !== 'node',
  );
}

describe('the list of what is shipped', () => {
  it('is of this app, in the form of CycloneDX', () => {
    expect(sbom.bomFormat).toBe('CycloneDX');
    expect(sbom.metadata.component).toMatchObject({ name: packageJson.name, version: packageJson.version });
  });

  it('has every package of which the window has code, as the bundler tells in its licences', () => {
    const licences = readFileSync(join(checkout, 'dist/renderer/licenses.md'), 'utf8');
    const bundled = [...licences.matchAll(/^## (\S+) - (\S+)/gm)].map(([, name, version]) => `${name}@${version}`);
    expect(bundled).toContain(`react@${packageJson.devDependencies.react}`);
    expect(bundled.filter((one) => !listed.has(one))).toEqual([]);
  });

  it('has every package that the built program imports, and what it declares', () => {
    const names = new Set(sbom.components.map(({ name }) => name));
    expect(imported()).toContain('zod');
    expect(imported().filter((name) => !names.has(name))).toEqual([]);
    for (const [name, version] of Object.entries(packageJson.dependencies))
      expect(listed).toContain(`${name}@${version}`);
  });

  it('has what those need in turn, each with its digest, and Electron', () => {
    expect(sbom.components.map(({ name }) => name)).toEqual(expect.arrayContaining(['docker-modem', 'scheduler']));
    expect(listed).toContain(`electron@${packageJson.devDependencies.electron}`);
    expect(sbom.components.filter(({ hashes = [] }) => hashes.length === 0)).toEqual([]);
  });

  it('has nothing that only builds and tests', () => {
    for (const name of ['vitest', '@biomejs/biome', 'playwright', 'typescript', 'cpu-features', 'electron-builder']) {
      expect(sbom.components.map((component) => component.name)).not.toContain(name);
    }
  });
});
