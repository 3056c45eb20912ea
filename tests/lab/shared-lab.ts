import type { TestProject } from 'vitest/node';
import { type SharedLabs, startLab } from './lab.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    lab: SharedLabs;
  }
}

/** vitest's globalSetup of the system tests: `attachLab(inject('lab'))` in a test file is the lab of its worker. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const count = project.config.maxWorkers;
  const labs = await Promise.all(
    Array.from({ length: count }, () => startLab({ name: 'shared', privateRegistry: true })),
  );
  project.provide('lab', { ofWorkers: labs.map(({ coordinates }) => coordinates) });
  return async () => {
    for (const lab of labs) await lab.stop();
  };
}
