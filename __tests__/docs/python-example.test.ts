import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { readConfig } from '../../src/config/read-config.ts';
import { openEvaluationSet } from '../../src/evaluation-set/open-evaluation-set.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';

const example = new URL('../../examples/python/', import.meta.url);
const workspace = openWorkspace(fileURLToPath(example));
const read = (file: string): string => readFileSync(new URL(file, example), 'utf8');

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
}
const settings = JSON.parse(read('model-settings.json')) as Record<'inputs' | 'outputs', readonly Tensor[]>;

it('serves a PyTorch model in less than 60 lines', () => {
  expect(read('serve.py').trimEnd().split('\n').length).toBeLessThan(60);
});

it('names in its gate what its model has, and has data for it', async () => {
  const { gates } = await readConfig({ inputs: { command: 'python serve.py' } }, workspace);
  const [{ modalities, output, evaluationSet, columns }] = gates;
  const set = await openEvaluationSet(evaluationSet, workspace);
  const inputs = modalities.flatMap((modality) => [...modality.inputs, modality.reliability!]);
  expect(inputs.map(({ tensor }) => tensor).toSorted()).toEqual(
    settings.inputs.map(({ name }) => name).toSorted(),
  );
  const outputs = [output.tensor, ...modalities.map(({ expert }) => expert)];
  expect(outputs).toEqual(settings.outputs.map(({ name }) => name));
  expect(set.columns.map(({ name }) => name)).toEqual(
    expect.arrayContaining([columns.id, columns.label, ...inputs.map(({ column }) => column)]),
  );
});
