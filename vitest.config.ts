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
          // They share one engine, and some of them retag and remove its images.
          fileParallelism: false,
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
