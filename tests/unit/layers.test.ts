import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const checkout = new URL('../../', import.meta.url).pathname;

/** What a file in a room may not import, and the rule that says so; without a rule it may. */
const imports: readonly (readonly [file: string, from: string, rule?: string])[] = [
  ['shared/policy/a.ts', 'node:fs', 'noNodejsModules'],
  ['shared/policy/b.ts', 'electron', 'noRestrictedImports'],
  ['shared/policy/c.ts', 'dockerode', 'noRestrictedImports'],
  ['shared/policy/d.ts', '../../main/gate/gate.ts', 'noRestrictedImports'],
  ['shared/policy/e.ts', '../../renderer/view.ts', 'noRestrictedImports'],
  ['main/gate/a.ts', 'electron', 'noRestrictedImports'],
  ['main/gate/b.ts', '../../renderer/view.ts', 'noRestrictedImports'],
  ['main/gate/c.ts', '../../tests/lab/lab.ts', 'noRestrictedImports'],
  ['renderer/a.ts', '../main/gate/gate.ts', 'noRestrictedImports'],
  ['renderer/b.ts', 'node:fs', 'noNodejsModules'],
  ['renderer/d.ts', 'electron', 'noRestrictedImports'],
  ['renderer/e.ts', '../preload/preload.ts', 'noRestrictedImports'],
  ['preload/a.ts', '../main/gate/gate.ts', 'noRestrictedImports'],
  ['preload/b.ts', '../renderer/window.tsx', 'noRestrictedImports'],
  ['preload/c.ts', 'electron'],
  ['main/cli/a.ts', '../desktop/window.ts', 'noRestrictedImports'],
  ['main/lockkeeper.ts', './desktop/desktop.ts', 'noRestrictedImports'],
  ['main/desktop/a.ts', 'electron'],
  ['main/desktop/b.ts', '../service/service.ts'],
  ['main/desktop/guards/a.ts', '../bridge/origin.ts'],
  ['main/desktop/c.ts', '../../renderer/window.tsx', 'noRestrictedImports'],
  ['shared/policy/f.ts', '../images/reference.ts'],
  ['main/gate/d.ts', '../../shared/images/reference.ts'],
  ['main/gate/e.ts', 'node:net'],
  ['renderer/c.ts', '../shared/ipc/contract.ts'],
];

describe('the layers, as lint enforces them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockkeeper-layers-'));
  let report = '';

  beforeAll(() => {
    copyFileSync(join(checkout, 'biome.json'), join(folder, 'biome.json'));
    for (const [file, from] of imports) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `import * as it from '${from}';\nconsole.log(it);\n`);
    }
    const args = ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '.'];
    const { stdout, stderr } = spawnSync(join(checkout, 'node_modules/.bin/biome'), args, {
      cwd: folder,
      encoding: 'utf8',
    });
    report = stdout + stderr;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(imports)('%s and an import of %s', (file, _from, rule) => {
    const rules = [...report.matchAll(/^(\S+):\d+:\d+ lint\/\w+\/(no\w+)/gm)].filter(([, path]) => path === file);
    expect(rules.map(([, , name]) => name)).toEqual(rule === undefined ? [] : [rule]);
  });
});
