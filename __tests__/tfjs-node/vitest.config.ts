import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['__tests__/tfjs-node/*.spec.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
