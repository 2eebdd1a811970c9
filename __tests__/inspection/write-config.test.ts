import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { readConfig } from '../../src/config/read-config.ts';
import { diagnose } from '../diagnostic/diagnose.ts';
import { openEvaluationSet } from '../../src/evaluation-set/open-evaluation-set.ts';
import { selectRows } from '../../src/evaluation-set/select-rows.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { runGates } from '../../src/gate.ts';
import { inspectModel, type InspectWishes } from '../../src/inspection/inspect-model.ts';
import { configFor } from '../../src/inspection/write-config.ts';
import { freeze } from '../../src/model/freeze.ts';
import { bring, folder, gates, labelsLike, options, writeRows } from './inside-fixture.ts';

/** The config file that init would write, and its gate as a run reads it. */
async function written(wishes: InspectWishes, name = 'gate.yml') {
  const finding = await inspectModel(wishes, options);
  const text = await configFor(finding, join(folder, name), folder);
  writeFileSync(join(folder, name), text);
  const suite = await readConfig({ config: name }, options.workspace);
  return { text, gate: suite.gates[0] };
}

const kinds = ['router', 'energy', 'evidential', 'calibrated', 'attention'];
const exporters = ['script', 'dynamo', 'dressed'];
const names = kinds.flatMap((kind) => exporters.map((exporter) => `${kind}-${exporter}`));

describe('a config that was written', () => {
  it.each(names)('takes %s to a verdict', async (name) => {
    const model = bring(`inside/${name}.onnx`, `${name}.onnx`);
    const evaluationSet = writeRows(`${name}.jsonl`, await labelsLike(`inside/${name}.onnx`));
    const { gate } = await written({ model, evaluationSet });
    const { gates: reports } = await runGates([gate], { ...options, version: 'test' });
    expect(reports[0].verdict).not.toBe('invalid');
    expect(reports[0].warnings).toEqual([]);
    expect(reports[0].constantScores).toEqual([]);
    expect(reports[0].modalities).toEqual(['audio', 'video']);
  });

  const numpy = ['router', 'energy', 'calibrated'].flatMap((kind) => [
    [`${kind}-script`, kind] as const,
    [`${kind}-dynamo`, kind] as const,
  ]);
  it.each(numpy)('gives %s the gap and the flip rate that NumPy computes', async (name, kind) => {
    const { labels, orders, gap, flipMean, flipMax } = gates[kind]!;
    const model = bring(`inside/${name}.onnx`, `${name}.onnx`);
    const { gate } = await written({ model, evaluationSet: writeRows(`${name}.jsonl`, labels) });
    const set = await openEvaluationSet(gate.evaluationSet, options.workspace);
    const { data } = await selectRows(set, gate.columns, gate.modalities, []);
    const { fusion } = await freeze(gate, data, options);
    const bank = fusion.reliability.map(({ values }, m) =>
      Float64Array.from(orders.flatMap((pair) => pair[m].map((row) => values[row]))),
    );
    const permutations = { ...gate.permutations, count: orders.length, secondaryCount: 2, bank };
    const plan = { ...gate, permutations, reliableWhen: gate.modalities.map((it) => it.reliableWhen) };
    const found = await diagnose(fusion, Int32Array.from(labels), plan, silentLogger);
    await fusion.close();
    expect(found.gap.value).toBeCloseTo(gap, 6);
    expect(found.flipRate.mean).toBeCloseTo(flipMean, 6);
    expect(found.flipRate.max).toBeCloseTo(flipMax, 6);
    // The experts lie inside, and were read all the same.
    expect(Object.keys(found.experts!)).toEqual(['audio', 'video']);
    expect(found.alignment!.audio.auroc).not.toBeNull();
  });

  it('reads as this', async () => {
    const model = bring('inside/calibrated-dynamo.onnx', 'stress.onnx');
    const { text } = await written({
      model,
      evaluationSet: writeRows('eval.jsonl', gates.calibrated!.labels),
    });
    expect(text).toMatchSnapshot();
  });

  it('names columns of id and presence, and experts that are outputs, in the digits example', async () => {
    const digits = fileURLToPath(new URL('../../examples/digits/', import.meta.url));
    const workspace = openWorkspace(digits);
    const finding = await inspectModel(
      { model: 'truthful.onnx', evaluationSet: 'evaluation.npz' },
      { ...options, workspace },
    );
    const text = await configFor(finding, join(digits, 'sub', 'gate.yml'), digits);
    expect(text).toContain('model: ../truthful.onnx');
    expect(text).toContain('columns: { id: ids, label: y }');
    for (const name of ['top', 'middle', 'bottom']) {
      expect(text).toContain(
        `${name}: { inputs: [E_${name}], reliability: Q_${name}, presence: M_${name}, expert: p_${name} }`,
      );
    }
    expect(text).toContain('output: { tensor: fused, kind: probabilities }');
  });

  it('says what it could not tell', async () => {
    const model = bring('inside/evidential-dynamo.onnx', 'evidential.onnx');
    const labels = gates.router!.labels.map((label) => ['bored', 'calm', 'stressed'][label]);
    const { text, gate } = await written({ model, evaluationSet: writeRows('words.jsonl', labels) });
    expect(text).toContain('CHECK: it looks like an uncertainty, so low is taken to mean reliable.');
    expect(text).toContain('CHECK: classes must stand in the order of the outputs');
    expect(text).toContain('No sure prediction of one modality alone was found.');
    expect(gate.output.classes).toEqual(['bored', 'calm', 'stressed']);
    expect(gate.modalities.map(({ reliableWhen }) => reliableWhen)).toEqual(['low', 'low']);
  });

  it('judges the score of a single modality', async () => {
    const model = bring('../inspection/gated.onnx', 'gated.onnx');
    const { text, gate } = await written({
      model,
      evaluationSet: writeRows('gated.jsonl', gates.router!.labels),
    });
    expect(text).toContain('CHECK: no score of video was found.');
    const { gates: reports } = await runGates([gate], { ...options, version: 'test' });
    expect(reports[0].verdict).not.toBe('invalid');
    expect(reports[0].modalities).toEqual(['audio']);
  });

  it('survives names that mean something in YAML', async () => {
    const model = bring('inside/router-script.onnx', 'no: # "model".onnx');
    const evaluationSet = writeRows("it's {eval}.jsonl", gates.router!.labels);
    const { gate } = await written({ model, evaluationSet }, 'odd.yml');
    expect(gate.candidate).toMatchObject({ path: 'no: # "model".onnx' });
    expect(gate.evaluationSet).toBe("it's {eval}.jsonl");
  });
});

describe('a config that cannot be written', () => {
  it('asks for the label', async () => {
    const model = bring('inside/router-script.onnx', 'router.onnx');
    const evaluationSet = writeRows('unlabelled.jsonl', gates.router!.labels, { y: undefined, stress: 1 });
    await expect(written({ model, evaluationSet })).rejects.toThrow(
      'Which column of "unlabelled.jsonl" holds the true class (or value) of each example? Name it with --label. Columns that fill no input: stress [24] number.',
    );
  });

  it('says that no candidate was found', async () => {
    const model = bring('../inspection/concatenated.onnx', 'plain.onnx');
    const evaluationSet = writeRows('plain.jsonl', gates.router!.labels);
    await expect(written({ model, evaluationSet })).rejects.toThrow(
      'No candidate for reliability was found in "plain.onnx": nothing with one number per example, or one for each modality (found: audio and video), weights anything on the way to "fused".',
    );
  });
});

describe('a config for a model that gives a value', () => {
  it('says so where labels have fractions, and is taken to a verdict', async () => {
    for (const file of ['eval.npz', 'values.onnx']) {
      copyFileSync(
        fileURLToPath(new URL(`../fixtures/values-gate/${file}`, import.meta.url)),
        join(folder, `sentiment-${file}`),
      );
    }
    const wishes = {
      model: 'sentiment-values.onnx',
      evaluationSet: 'sentiment-eval.npz',
      label: 'sentiment',
    };
    const { text, gate } = await written(wishes, 'values.yml');
    expect(text).toContain('    output: { tensor: sentiment, kind: value }\n');
    // The standard deviation of the labels is 1.4.
    expect(text).toContain('    threshold: 0.03\n');
    expect(text).toContain('# metric: mae');
    expect(text).not.toMatch(/expert-kind|undefined|classes/);
    expect(gate).toMatchObject({ metric: 'mae', threshold: 0.03, control: { threshold: 0.15 } });
    const { gates: reports } = await runGates([gate], { ...options, version: 'test' });
    expect(reports[0]).toMatchObject({ task: 'regression', verdict: 'quality-aware' });
    expect(Object.keys(reports[0].expertMetric!)).toEqual(['audio', 'text']);
  });
});

describe('a config for a model that gives several labels', () => {
  it('says so where rows have several labels or none, and is taken to a verdict', async () => {
    for (const file of ['eval.npz', 'labels.onnx']) {
      copyFileSync(
        fileURLToPath(new URL(`../fixtures/labels-gate/${file}`, import.meta.url)),
        join(folder, `tags-${file}`),
      );
    }
    const wishes = { model: 'tags-labels.onnx', evaluationSet: 'tags-eval.npz', output: 'tags' };
    const { text, gate } = await written(wishes, 'labels.yml');
    expect(text).toContain('    columns: { label: y }\n');
    expect(text).toContain('    output: { tensor: tags, kind: logits, multi-label: true }\n');
    expect(text).toContain('# metric: subset-accuracy');
    expect(text).not.toMatch(/expert-kind|undefined|classes/);
    expect(gate).toMatchObject({ metric: 'subset-accuracy', output: { multiLabel: true } });
    const { gates: reports } = await runGates([gate], { ...options, version: 'test' });
    expect(reports[0]).toMatchObject({ task: 'multi-label', verdict: 'quality-aware' });
    expect(Object.keys(reports[0].expertMetric!)).toEqual(['audio', 'text']);
  });
});
