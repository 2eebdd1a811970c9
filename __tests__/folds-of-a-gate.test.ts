import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { readConfig } from '../src/config/read-config.ts';
import { randomFor } from '../src/diagnostic/random.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { openWorkspace } from '../src/foundation/workspace.ts';
import { runGates } from '../src/gate.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'row-folds-')));
const workspace = openWorkspace(root);
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** Two seeds of the same 60 examples in 3 folds each: the scores tell which expert is right. */
const random = randomFor('folds of a gate');
const ROWS = [1, 2].flatMap((seed) =>
  Array.from({ length: 60 }, (_, id) => {
    const label = id % 2;
    const first = random() < 0.5;
    const p = (isRight: boolean) => (isRight === (label === 1) ? 0.9 : 0.1);
    const q = (isRight: boolean) => (isRight ? 0.9 : 0.1) + random() / 100;
    return [seed, (id + seed) % 3, id, label, q(first), q(!first), p(first), p(!first)];
  }),
);

function write(name: string, rows: readonly (readonly number[])[]): void {
  const head = 'seed,fold,id,y,Q_a,Q_v,p_a,p_v';
  writeFileSync(join(root, name), [head, ...rows.map((row) => row.join(','))].join('\n'));
}

async function run(...lines: readonly string[]) {
  const text = [
    'gates:',
    '  - fusion: weighted-mean',
    '    modalities: { audio: { reliability: Q_a, expert: p_a }, video: { reliability: Q_v, expert: p_v } }',
    '    output: { kind: probabilities }',
    '    permutations: { count: 99, most: 99 }',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');
  writeFileSync(join(root, 'fusion-gate.yml'), text);
  const { gates } = await readConfig({ config: 'fusion-gate.yml' }, workspace);
  const options = { workspace, logger: silentLogger, version: 'test', threads: 1 };
  return (await runGates(gates, options)).gates[0];
}

it('columns name them, and the same examples in another seed are a repeat', async () => {
  write('all.csv', ROWS);
  const gate = await run(
    'evaluation-set: all.csv',
    'columns: { label: y, id: id, fold: fold, seed: seed }',
    'metrics: [auroc]',
  );
  expect(gate.folds!.map(({ name, examples }) => [name, examples])).toEqual(
    [1, 2].flatMap((seed) => [0, 1, 2].map((fold) => [`seed ${seed} fold ${fold}`, 20])),
  );
  expect(gate).toMatchObject({ verdict: 'quality-aware', clean: { accuracy: 1 } });
  expect(gate.acrossFolds!.repeats).toBe(2);
  expect(gate.p.oneSided).toBe(2 / 100);
});

it('a list names files, of which each is judged as if it were alone', async () => {
  const [one, other] = [1, 2].map((seed) => ROWS.filter((row) => row[0] === seed && row[1] === 0));
  write('one.csv', one);
  write('other.csv', other);
  const gate = await run(
    'columns: { label: y }',
    'folds: [{ name: first, evaluation-set: one.csv }, { evaluation-set: other.csv }]',
  );
  expect(gate.folds!.map(({ name }) => name)).toEqual(['first', 'fold 1']);
  expect(gate.evaluationSet).toMatchObject({ path: 'one.csv and 1 more', rows: 40, evaluated: 40 });
  expect(gate.acrossFolds!.repeats).toBe(1);
  expect(gate.p.oneSided).toBe(1 / 100);
  expect(gate.warnings[0]).toContain('nothing tells whether they share examples');
});

it('each needs two rows', async () => {
  write('few.csv', [...ROWS.slice(0, 59), [1, 7, 99, 1, 0.5, 0.5, 0.9, 0.1]]);
  await expect(run('evaluation-set: few.csv', 'columns: { label: y, fold: fold }')).rejects.toThrow(
    'There is only one evaluated row in fold 7, and shuffles stay inside a fold: each needs two or more.',
  );
});
