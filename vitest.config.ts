import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['__tests__/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Vitest leaves one core to itself, which on a machine of two is half of all there is.
    maxWorkers: availableParallelism(),
  },
});
