import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Bounds on events, not on speed: two cores run engines, registries and browsers at once.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['tests/system/**/*.test.ts'],
          globalSetup: ['tests/lab/shared-lab.ts'],
          // Each worker has an engine of its own, since some files retag and remove its images. One at a time: two at
          // once are done in two thirds of the time, but with two cores some event is late now and then.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      // What takes long or needs engines of other releases: `npm run test:full`.
      {
        extends: true,
        test: {
          name: 'full',
          include: ['tests/full/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
