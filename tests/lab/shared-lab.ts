import type { TestProject } from 'vitest/node';
import { type LabCoordinates, startLab } from './lab.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    lab: LabCoordinates;
  }
}

/** vitest's globalSetup of the system tests: one lab for all of them, `attachLab(inject('lab'))` in a test file. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const lab = await startLab({ name: 'shared', privateRegistry: true });
  project.provide('lab', lab.coordinates);
  return () => lab.stop();
}
