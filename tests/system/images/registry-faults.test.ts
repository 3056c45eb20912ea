import { afterAll, beforeAll, describe } from 'vitest';
import { type Lab, startLab } from '../../lab/lab.ts';
import { faultsAreNamed, publishEverywhere } from './registry-faults.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name: 'faults', otherRegistries: true });
  await publishEverywhere(lab);
});
afterAll(() => lab?.stop());

describe('of what the engine reports is made out', () => faultsAreNamed(() => lab));
