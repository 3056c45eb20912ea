import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { manyDecisions } from '../../system/window/many-decisions.ts';

const load = { count: 100_000, seconds: 60, isMeasured: true };

/** What is refused by its command reaches no engine: none is needed. */
const work = mkdtempSync(join(tmpdir(), 'lockkeeper-many-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

manyDecisions({ work, engineUrl: `unix://${join(work, 'no-engine.sock')}` }, load);
