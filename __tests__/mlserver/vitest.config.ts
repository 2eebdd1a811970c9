import { defineConfig } from 'vitest/config';

/** Not part of `npm test`: it installs MLServer from PyPI, into `.cache/mlserver/`, and needs Python 3.9 to 3.12. */
export default defineConfig({
  test: {
    include: ['__tests__/mlserver/*.spec.ts'],
    testTimeout: 900_000,
    hookTimeout: 600_000,
  },
});
