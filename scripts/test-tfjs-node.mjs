// npm run test:tfjs-node: the examples and more on the real @tensorflow/tfjs-node, which the ordinary tests do without.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { provideTfjsNode } from './provide-tfjs-node.mjs';

const root = dirname(import.meta.dirname);
const tests = join(root, '__tests__', 'tfjs-node');
await provideTfjsNode(join(tests, 'native'));
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
try {
  execFileSync(process.execPath, [vitest, 'run', '--config', join(tests, 'vitest.config.ts')], {
    cwd: root,
    stdio: 'inherit',
  });
} catch (error) {
  process.exitCode = error.status ?? 1;
}
