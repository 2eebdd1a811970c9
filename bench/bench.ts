import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cachedExperts } from './cached-experts.ts';
import { history } from './history.ts';
import { type LargeModel, makeLargeModel } from './large-model.ts';
import { memory } from './memory.ts';
import { metrics } from './metrics.ts';
import { onnx } from './onnx.ts';
import { NO_PEER } from './python.ts';
import { startUp } from './start-up.ts';
import { asMarkdown, type Measured } from './table.ts';

const scratch = mkdtempSync(join(tmpdir(), 'fusion-gate-bench-'));

let made: LargeModel | undefined;
/** Made once, by the first part that needs it. */
function withLargeModel(measure: (model: LargeModel) => Measured): string {
  made ??= makeLargeModel(mkdtempSync(join(scratch, 'large-')));
  return made === undefined ? `The large model could not be made: ${NO_PEER}` : asMarkdown(measure(made));
}

/** By the name that `npm run bench -- NAME` takes. */
const PARTS: Readonly<Record<string, () => string | Promise<string>>> = {
  experts: async () => asMarkdown(await cachedExperts()),
  metrics: async () => asMarkdown(await metrics()),
  onnx: () => withLargeModel(onnx),
  memory: () => withLargeModel(memory),
  'start-up': async () => asMarkdown(await startUp(mkdtempSync(join(scratch, 'small-')))),
  history: async () => asMarkdown(await history(mkdtempSync(join(scratch, 'history-')))),
};

const wished = process.argv.slice(2);
const unknown = wished.find((name) => !(name in PARTS));
if (unknown !== undefined) {
  throw new Error(`There is no part "${unknown}"; the parts are ${Object.keys(PARTS).join(', ')}.`);
}
try {
  for (const name of wished.length === 0 ? Object.keys(PARTS) : wished) {
    process.stdout.write(`${await PARTS[name]()}\n\n`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
