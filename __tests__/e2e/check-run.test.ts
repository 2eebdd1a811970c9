import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { setScene, warningsOf } from './action-scene.ts';
import { TOKENS } from './stand-in.ts';

const scene = setScene();
const checks = () => scene.github.proxy.requests.filter(({ operation }) => operation?.startsWith('checks/'));
const sent = () => checks().map(({ body }) => body as Sent);

interface Sent {
  readonly status?: string;
  readonly conclusion?: string;
  readonly head_sha?: string;
  readonly output?: { readonly title: string; readonly summary: string; readonly annotations: unknown[] };
}

const inputs = { 'check-run': 'true' };

it('is in progress before the gates are judged, and completed with the verdict and the line to look at', async () => {
  const { status } = await scene.run('empty', { inputs });

  expect(status).toBe(1);
  const [begun, completed, ...more] = sent();
  expect(more).toEqual([]);
  expect(begun).toMatchObject({
    name: 'fusion-gate (stress)',
    status: 'in_progress',
    head_sha: scene.github.head.sha,
  });
  expect(completed).toMatchObject({ status: 'completed', conclusion: 'failure' });
  expect(completed.output?.summary).toContain('fusion-gate');
  // workspace.ts gives no threshold, so the gate's own first line is marked; the model is the experts in the data.
  expect(completed.output?.annotations).toMatchObject([
    { path: 'empty.yml', start_line: 2, end_line: 2, annotation_level: 'failure' },
    { path: 'eval.csv', start_line: 1, end_line: 1, annotation_level: 'failure' },
  ]);
});

it('marks nothing where all is well', async () => {
  await scene.run('truthful', { inputs });

  expect(sent()[1]).toMatchObject({ conclusion: 'success', output: { annotations: [] } });
});

it('only warns, where that is asked for', async () => {
  const result = await scene.run('empty', { inputs: { ...inputs, 'warn-only': 'true' } });

  expect(result.status).toBe(0);
  expect(result.outputs.conclusion).toBe('failure');
  expect(result.stdout).not.toContain('::error');
  expect(warningsOf(result)).toHaveLength(1);
  expect(sent()[1]).toMatchObject({
    conclusion: 'neutral',
    output: { annotations: [{ annotation_level: 'warning' }, { annotation_level: 'warning' }] },
  });
});

it('says that something is wrong even where it only warns', async () => {
  const result = await scene.run('empty', { inputs: { config: 'missing.yml', 'warn-only': 'true' } });

  expect(result.status).toBe(2);
});

it('sends at most fifty annotations at once, and completes with the last', async () => {
  const gate = (i: number) => `  - name: gate-${i}
    fusion: weighted-mean
    evaluation-set: eval.csv
    columns: { label: label }
    modalities:
      audio: { expert: p_audio, reliability: empty_audio }
      video: { expert: p_video, reliability: empty_video }
    output: { kind: probabilities }
    threshold: 0.02
    permutations: { count: 50, secondary-count: 50 }
    interval: { resamples: 200 }
`;
  const gates = Array.from({ length: 26 }, (_, i) => gate(i));
  writeFileSync(join(scene.workspace, 'many.yml'), `gates:\n${gates.join('')}`);
  const result = await scene.run('empty', { inputs: { ...inputs, config: 'many.yml', comment: 'never' } });

  expect(result.status).toBe(1);
  expect(warningsOf(result)).toEqual([]);
  const [, first, last, ...more] = sent();
  expect(more).toEqual([]);
  expect(first.status).toBeUndefined();
  expect(first.output?.annotations).toHaveLength(50);
  expect(last).toMatchObject({ status: 'completed', conclusion: 'failure' });
  // The 26th gate begins on line 2 + 25 x 11, its threshold stands eight lines below.
  expect(last.output?.annotations).toMatchObject([
    { path: 'many.yml', start_line: 2 + 275 + 8 },
    { path: 'eval.csv' },
  ]);
});

it.each([
  ['truthful', 0],
  ['empty', 1],
] as const)('costs the %s gate nothing where the token may not write', async (scores, status) => {
  const result = await scene.run(scores, { token: TOKENS.readOnly, inputs: { ...inputs, comment: 'never' } });

  expect(result.status).toBe(status);
  expect(warningsOf(result)).toHaveLength(1);
  expect(warningsOf(result)[0]).toContain('checks: write');
});

it('can be left unmarked', async () => {
  await scene.run('empty', { inputs: { ...inputs, annotations: 'false' } });

  expect(sent()[1]).toMatchObject({ conclusion: 'failure', output: { annotations: [] } });
});
