import { afterAll, beforeAll, describe } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { remapped } from './remapped.ts';
import { startRemappedLab } from './remapped-lab.ts';

describe('the engine of this system', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startRemappedLab();
  });
  afterAll(() => lab?.stop());
  remapped(() => lab);
});
