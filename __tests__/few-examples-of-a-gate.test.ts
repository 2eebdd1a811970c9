import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { readConfig } from '../src/config/read-config.ts';
import { randomFor } from '../src/diagnostic/random.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { openWorkspace } from '../src/foundation/workspace.ts';
import { runGates } from '../src/gate.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'few-examples-')));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const options = { workspace: openWorkspace(root), logger: silentLogger, version: 'test', threads: 1 };

/** 200 rows, of class 1 one in twenty. @param contested rows on which the experts do not agree */
function writeRows(contested: number): void {
  const random = randomFor('few examples');
  const rows = Array.from({ length: 200 }, (_, i) => {
    const y = Number(i % 20 === 0);
    // Not rows of one class alone.
    const [a, v] = i % 7 === 0 && i < 7 * contested ? [y, 1 - y] : [y, y];
    return [y, 0.2 + 0.6 * a, 0.2 + 0.6 * v, random(), random()].join(',');
  });
  writeFileSync(join(root, 'eval.csv'), ['y,p_a,p_v,Q_a,Q_v', ...rows].join('\n'));
}

async function gateOf(metric: string) {
  const yaml = `gates:
  - fusion: hard
    evaluation-set: eval.csv
    columns: { label: y }
    modalities: { a: { reliability: Q_a, expert: p_a }, v: { reliability: Q_v, expert: p_v } }
    output: { kind: probabilities }
    metric: ${metric}
    permutations: { count: 99, most: 99, seed: 3 }
    interval: { resamples: 100 }
`;
  writeFileSync(join(root, 'gate.yml'), yaml);
  const { gates } = await readConfig({ config: 'gate.yml', inputs: {} }, options.workspace);
  return (await runGates(gates, options)).gates[0];
}

describe('a gate with too little for its interval', () => {
  it('says how many there are of the rarest class, by balanced accuracy', async () => {
    writeRows(28);
    const { power, warnings } = await gateOf('balanced-accuracy');
    expect(power.smallestClass).toBe(10);
    expect(warnings).toContain(
      'The rarest class has only 10 examples, so that the interval of the gap in balanced accuracy is rough and too narrow: the study in docs/study.md finds intervals as good as they say from about 30 on.',
    );
  });

  it('says on how many examples the gap hangs', async () => {
    writeRows(8);
    const { power, warnings } = await gateOf('accuracy');
    // All eight have about as large a share, whichever way.
    expect(power.hangsOn).toBeGreaterThan(7.5);
    expect(power.hangsOn).toBeLessThanOrEqual(8);
    expect(warnings).toContain(
      'The gap hangs on about 8 of the 200 examples, so that its interval is rough and too narrow: the study in docs/study.md finds intervals as good as they say from about 12 on.',
    );
  });

  it('says nothing where there is enough', async () => {
    writeRows(28);
    const { power, warnings } = await gateOf('accuracy');
    expect(power.hangsOn).toBeGreaterThan(25);
    expect(power).not.toHaveProperty('smallestClass');
    expect(warnings.filter((warning) => warning.includes('too narrow'))).toEqual([]);
  });
});
