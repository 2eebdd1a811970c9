import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { silentLogger } from '../../src/foundation/logger.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { inspectModel } from '../../src/inspection/inspect-model.ts';
import { inspectionJson, inspectionSchema } from '../../src/inspection/inspection-schema.ts';
import { folder as fixtures } from '../model/fusion-fixture.ts';
import { bring, folder, gates, options, writeRows } from './inside-fixture.ts';

/** What makes the scores, by fixtures/model/inside/fusions.py; PyTorch names tensors as it likes. */
const TRUTH: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  router: { script: ['/Softmax_output_0'], dynamo: ['softmax'] },
  energy: { script: ['/Div_output_0', '/Div_1_output_0'], dynamo: ['div', 'div_1'] },
  evidential: { script: ['/Mul_output_0', '/Mul_1_output_0'], dynamo: ['mul_22', 'mul_34'] },
  calibrated: { script: ['/Sigmoid_output_0', '/Sigmoid_1_output_0'], dynamo: ['sigmoid', 'sigmoid_1'] },
  attention: { script: ['/Softmax_output_0'], dynamo: ['softmax'] },
};
const models = Object.entries(TRUTH).flatMap(([kind, names]) => [
  [`${kind}-script.onnx`, names.script] as const,
  [`${kind}-dynamo.onnx`, names.dynamo] as const,
  // The same numbers with other things around them; PyTorch's names stay.
  [`${kind}-dressed.onnx`, names.dynamo] as const,
]);

const tensorsOf = ({ scores }: { readonly scores: readonly { readonly tensor: string }[] }): string[] => [
  ...new Set(scores.map(({ tensor }) => tensor)),
];

describe('the reliability inside a model', () => {
  it('is looked for in every model of the fixture that has one', () => {
    const exported = readdirSync(`${fixtures}inside`).filter((name) => /-\w+\.onnx$/.test(name));
    expect(models.map(([name]) => name).sort()).toEqual(exported.sort());
  });

  it.each(models)('is the first candidate in %s: %j', async (name, truth) => {
    const { inspection } = await inspectModel({ model: bring(`inside/${name}`, name) }, options);
    const [first] = inspection.candidates;
    expect(tensorsOf(first)).toEqual(truth);
    expect(first.scores.map(({ modality }) => modality)).toEqual(['audio', 'video']);
    expect(first.inside).toBe(true);
    expect(first.complete).toBe(true);
    expect(first.reliableWhen).toBe(name.startsWith('evidential') ? 'low' : 'high');
    expect(first.scores.every(({ spread, auroc }) => spread === null && auroc === null)).toBe(true);
  });

  it('is a softmax over the modalities that weights their experts', async () => {
    const { inspection } = await inspectModel(
      { model: bring('inside/router-dynamo.onnx', 'r.onnx') },
      options,
    );
    expect(inspection.candidates[0]).toMatchObject({
      reason: 'a softmax over the modalities, which weights stack [N, 2, 3]',
      axis: 1,
      orderKnown: true,
    });
    expect(inspection.modalities).toEqual([
      { name: 'audio', inputs: ['audio'], expert: { tensor: 'linear_1', isOutput: false, kind: 'logits' } },
      { name: 'video', inputs: ['video'], expert: { tensor: 'linear_3', isOutput: false, kind: 'logits' } },
    ]);
  });

  it('says when it cannot tell which place of a tensor is whose', async () => {
    const { inspection } = await inspectModel(
      { model: bring('inside/calibrated-dynamo.onnx', 'c.onnx') },
      options,
    );
    const weights = inspection.candidates.find((candidate) => tensorsOf(candidate).includes('softmax'))!;
    expect(weights.orderKnown).toBe(false);
  });

  it('may be one of a single modality', async () => {
    const { inspection } = await inspectModel({ model: bring('inside/structures.onnx', 's.onnx') }, options);
    expect(inspection.candidates).toHaveLength(1);
    expect(inspection.candidates[0]).toMatchObject({
      complete: false,
      scores: [{ modality: 'audio', tensor: 'q_a' }],
    });
  });
});

describe('fusions of other kinds', () => {
  /** Made by fixtures/inspection/make.py. */
  const own = fileURLToPath(new URL('../fixtures/inspection/', import.meta.url));
  const look = async (model: string) =>
    (await inspectModel({ model }, { ...options, workspace: openWorkspace(own) })).inspection;

  it('offer nothing where there are no scores', async () => {
    expect((await look('concatenated.onnx')).candidates).toEqual([]);
  });

  it('have one gate for the modality that it weights', async () => {
    const [first, ...others] = (await look('gated.onnx')).candidates;
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      reason: 'a sigmoid for audio, which weights expert_audio [N, 3]',
      complete: false,
      scores: [{ modality: 'audio', tensor: 'gate' }],
    });
  });

  it.each(['binary.onnx', 'two-classes.onnx'])(
    'tell scores from experts of their width in %s',
    async (name) => {
      const { candidates, modalities } = await look(name);
      expect(tensorsOf(candidates[0])).toEqual(['weights']);
      expect(modalities.map(({ expert }) => expert?.tensor)).toEqual(['expert_audio', 'expert_video']);
    },
  );

  it('have modalities by the names and the paths of their inputs', async () => {
    const { candidates, modalities, output } = await look('encoders.onnx');
    expect(output?.tensor).toBe('fused');
    expect(modalities).toEqual([
      {
        name: 'text',
        inputs: ['input_ids', 'attention_mask'],
        expert: { tensor: 'logits_text', isOutput: true, kind: 'logits' },
      },
      {
        name: 'image',
        inputs: ['pixel_values'],
        expert: { tensor: 'logits_image', isOutput: true, kind: 'logits' },
      },
    ]);
    expect(candidates[0]).toMatchObject({
      reason: 'a normalised score over the modalities, which weights rows_of_both [N, 2, 4]',
      orderKnown: true,
      scores: [{ modality: 'text' }, { modality: 'image' }],
    });
  });

  it('have single letters for names where there is no more', async () => {
    const workspace = openWorkspace(fixtures);
    const { inspection } = await inspectModel({ model: 'single.onnx' }, { ...options, workspace });
    expect(inspection.modalities.map(({ name }) => name)).toEqual(['a', 'v']);
    expect(tensorsOf(inspection.candidates[0])).toEqual(['Q_a', 'Q_v']);
  });
});

describe('a candidate on data', () => {
  /** By Mann and Whitney's definition: how often a right row has the larger score; ties count half. */
  function auroc(scores: number[], right: boolean[]): number {
    let [won, pairs] = [0, 0];
    for (const [i, a] of scores.entries()) {
      for (const [j, b] of scores.entries()) {
        if (!right[i] || right[j]) continue;
        pairs++;
        won += a > b ? 1 : a === b ? 0.5 : 0;
      }
    }
    return won / pairs;
  }

  it('has the spread of the scores that NumPy computes', async () => {
    const { labels, scores } = gates.energy!;
    const model = bring('inside/energy-script.onnx', 'energy.onnx');
    const evaluationSet = writeRows('energy.jsonl', labels);
    const { inspection } = await inspectModel({ model, evaluationSet }, options);
    expect(inspection.evaluationSet).toEqual({ path: evaluationSet, rows: 24, used: 24, label: 'y' });
    for (const [m, { spread }] of inspection.candidates[0].scores.entries()) {
      const own = scores.filter((_, i) => i % 2 === m);
      const mean = own.reduce((a, b) => a + b) / own.length;
      expect(spread!.min).toBeCloseTo(Math.min(...own), 5);
      expect(spread!.max).toBeCloseTo(Math.max(...own), 5);
      expect(spread!.mean).toBeCloseTo(mean, 5);
      expect(spread!.std).toBeCloseTo(
        Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / own.length),
        5,
      );
      expect(spread!.constant).toBe(false);
    }
  });

  it('has the AUROC of the score for the expert being right', async () => {
    const digits = fileURLToPath(new URL('../../examples/digits/', import.meta.url));
    const workspace = openWorkspace(digits);
    const { inspection } = await inspectModel(
      { model: 'truthful.onnx', evaluationSet: 'evaluation.npz' },
      { workspace, logger: silentLogger, threads: 1 },
    );
    const [first] = inspection.candidates;
    expect(first.inside).toBe(false);
    expect(tensorsOf(first)).toEqual(['Q_top', 'Q_middle', 'Q_bottom']);
    expect(inspection.modalities.map(({ name, inputs, expert }) => [name, inputs, expert?.tensor])).toEqual([
      ['top', ['E_top'], 'p_top'],
      ['middle', ['E_middle'], 'p_middle'],
      ['bottom', ['E_bottom'], 'p_bottom'],
    ]);
    // The evaluation set holds what the experts said, by scikit-learn.
    const { openEvaluationSet } = await import('../../src/evaluation-set/open-evaluation-set.ts');
    const set = await openEvaluationSet('evaluation.npz', workspace);
    const read = async (name: string) => Array.from((await set.read(name)).values as ArrayLike<number>);
    const masks = await Promise.all(['M_top', 'M_middle', 'M_bottom'].map(read));
    const present = masks[0].map((_, i) => masks.every((mask) => mask[i] === 1));
    const labels = (await read('y')).filter((_, i) => present[i]);
    expect(inspection.evaluationSet).toMatchObject({ rows: present.length, used: labels.length });
    for (const { modality, auroc: found } of first.scores) {
      const scores = (await read(`Q_${modality}`)).filter((_, i) => present[i]);
      const said = await read(`p_${modality}`);
      const right = present
        .map((_, i) => said.slice(10 * i, 10 * i + 10))
        .filter((_, i) => present[i])
        .map((row, i) => row.indexOf(Math.max(...row)) === labels[i]);
      expect(found).toBeCloseTo(auroc(scores, right), 12);
    }
  });

  it('is told to be constant', async () => {
    const model = bring('inside/energy-script.onnx', 'energy.onnx');
    const same = { audio: [1, 2, 3, 4, 5, 6], video: [1, 2, 3, 4, 5] };
    const evaluationSet = writeRows('same.jsonl', gates.energy!.labels, same);
    const { inspection } = await inspectModel({ model, evaluationSet }, options);
    expect(inspection.candidates[0].scores.map(({ spread }) => spread?.constant)).toEqual([true, true]);
  });
});

describe('what was found', () => {
  it('fits its schema, whole and the same in every run', async () => {
    const model = bring('inside/calibrated-script.onnx', 'calibrated.onnx');
    const evaluationSet = writeRows('calibrated.jsonl', gates.calibrated!.labels);
    const once = await inspectModel({ model, evaluationSet }, options);
    const again = await inspectModel({ model, evaluationSet }, options);
    expect(inspectionJson(once.inspection)).toBe(inspectionJson(again.inspection));
    expect(JSON.parse(inspectionJson(once.inspection))).toEqual(once.inspection);
    expect(inspectionSchema.safeParse(once.inspection).success).toBe(true);
  });

  it('is the same in the digits example as ONNX and as TensorFlow.js', async () => {
    const workspace = openWorkspace(fileURLToPath(new URL('../../examples/digits/', import.meta.url)));
    const evaluationSet = 'evaluation.npz';
    const [onnx, tfjs] = await Promise.all(
      ['truthful.onnx', 'tfjs/model.json'].map(async (model) => {
        const { inspection } = await inspectModel({ model, evaluationSet }, { ...options, workspace });
        const [{ scores }] = inspection.candidates;
        return {
          modalities: inspection.modalities,
          output: inspection.output,
          scores: scores.map(({ modality, tensor, auroc }) => [modality, tensor, auroc]),
        };
      }),
    );
    expect(tfjs).toEqual(onnx);
  });

  it('is of inputs alone where the engine shows no more', async () => {
    const workspace = openWorkspace(fixtures);
    const { inspection } = await inspectModel({ model: 'layers/model.json' }, { ...options, workspace });
    expect(inspection.inputs.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['E_a', 'E_v', 'Q_a', 'Q_v']),
    );
    expect(inspection.candidates.map(tensorsOf)).toEqual([['Q_a', 'Q_v']]);
    expect(inspection.candidates[0]).toMatchObject({ reason: 'an input for each modality', inside: false });
    expect(inspection.notes[0]).toMatch(/^What lies inside this model is not shown here/);
  });
});

describe('what cannot be inspected', () => {
  const said = (wishes: Parameters<typeof inspectModel>[0]) => expect(inspectModel(wishes, options)).rejects;

  it('is said in a sentence', async () => {
    const model = bring('inside/router-script.onnx', 'router.onnx');
    const evaluationSet = writeRows('router.jsonl', gates.router!.labels);
    await said({ model: 'rooter.onnx' }).toThrow(
      'The model "rooter.onnx" does not exist. Did you mean "router.onnx"?',
    );
    await said({ model, output: 'fuse' }).toThrow(
      'The model "router.onnx" has no output "fuse", which --output names. Did you mean "fused"? Its outputs: fused.',
    );
    await said({ model, evaluationSet, label: 'Y' }).toThrow(
      '"router.jsonl" has no column "Y". Did you mean "y"?',
    );
    const other = writeRows('other.jsonl', gates.router!.labels, { video: undefined, vid: 1 });
    await said({ model, evaluationSet: other }).toThrow(
      'Nothing fills the input "video" of the model "router.onnx": "other.jsonl" has no column of that name.',
    );
  });

  it('leaves the fixture as it was', () => {
    expect(readdirSync(folder)).not.toContain('fusion-gate.yml');
    expect(readFileSync(`${folder}/router.onnx`)).toEqual(
      readFileSync(`${fixtures}inside/router-script.onnx`),
    );
  });
});
