import { describe, expect, it } from 'vitest';

import { type EvaluatedRows } from '../../src/evaluation-set/evaluated-rows.ts';
import type { Column } from '../../src/evaluation-set/evaluation-set.ts';
import { ConfigurationError } from '../../src/foundation/errors.ts';
import { binding, dataWith, freezeFile, modality, numbers, ROWS, type Wishes } from './fusion-fixture.ts';

const fused = { output: { tensor: 'fused' } };
const ones = (name: string) => numbers(name, [ROWS], Array<number>(ROWS).fill(1));
const audioAndVideo = (audio: object, video: object = {}): Wishes => ({
  ...fused,
  modalities: [modality('audio', audio), modality('video', video)],
});
const matrix = (tensor: string, axis: 0 | 1): Wishes => ({
  ...audioAndVideo({ reliability: undefined }, { reliability: undefined }),
  reliability: { tensor, column: 'Q', order: ['video', 'audio'], axis },
});
const text: Column = {
  kind: 'text',
  name: 'E_v',
  dtype: '<U3',
  shape: [ROWS, 2],
  values: Array<string>(2 * ROWS).fill('x'),
};
const KINDS = ['double', 'half', 'byte', 'ubyte', 'short', 'ushort', 'int', 'uint', 'long', 'ulong', 'flag'];
/** All inputs of dtypes.onnx are 1, but for one. */
const dtypesWith = (name: string, values: number[]) =>
  dataWith(...KINDS.map(ones), numbers(name, [ROWS], values));

const INPUTS = 'E_a [N, 3] float32, E_v [N, 2] float32, Q_a [N] float32 and Q_v [N] float32';
const OUTPUTS = 'fused [N, 3] float32, logits_a [N, 3] float32 and logits_v [N, 3] float32';
const COMPUTED = 'logits_a, logits_v, q_a, q_v, part_a and part_v';

interface Case {
  readonly what: string;
  readonly model: string;
  readonly wishes?: Wishes;
  readonly data?: EvaluatedRows;
  readonly sentence: string;
}

const inputs: readonly Case[] = [
  {
    what: 'evidence that is no input',
    model: 'single.onnx',
    wishes: audioAndVideo({ inputs: [binding('e_a')] }),
    sentence: `The model "single.onnx" has no input "e_a", which modalities.audio.inputs names. Did you mean "E_a"? Its inputs: ${INPUTS}.`,
  },
  {
    what: 'a score that is no input',
    model: 'single.onnx',
    wishes: audioAndVideo({ reliability: binding('attention') }),
    sentence: `The model "single.onnx" has no tensor "attention", which is named as reliability. Its inputs: E_a, E_v, Q_a and Q_v. What it computes of them: ${COMPUTED}.`,
  },
  {
    what: 'a score that a GraphModel computes, by a name that it almost has',
    model: 'graph/model.json',
    wishes: audioAndVideo({ reliability: binding('part_b') }),
    sentence: `The model "graph/model.json" has no tensor "part_b", which is named as reliability. Did you mean "part_a"? Its inputs: E_a, E_v, Q_a and Q_v. What it computes of them: logits_a, logits_v, q_a, q_v, part_a, part_v and sum.`,
  },
  {
    what: 'a score matrix that is no input',
    model: 'single.onnx',
    wishes: matrix('Q', 1),
    sentence: `The model "single.onnx" has no tensor "Q", which is named as reliability. Its inputs: E_a, E_v, Q_a and Q_v. What it computes of them: ${COMPUTED}.`,
  },
  {
    what: 'a column for a score that the model computes',
    model: 'single.onnx',
    wishes: audioAndVideo({ reliability: binding('q_a', 'Q_a') }),
    sentence:
      'modalities.audio.reliability fills "q_a" from the column "Q_a", but that is no input of the model "single.onnx". Did you mean "Q_a"? What the model computes itself needs no column: remove it, or name an input.',
  },
  {
    what: 'the fused output as a score',
    model: 'vectors.onnx',
    wishes: audioAndVideo({ reliability: binding('fused') }),
    sentence:
      'The model "vectors.onnx" cannot be cut at the reliability "fused": it is the fused output itself. The nearest tensors that work: part_a, part_v and logits_a.',
  },
  {
    what: 'an initializer as a score',
    model: 'vectors.onnx',
    wishes: audioAndVideo({ reliability: binding('A') }),
    sentence:
      'The model "vectors.onnx" cannot be cut at the reliability "A": it is an initializer, the same for every example. The nearest tensors that work: logits_a, part_a and q_a.',
  },
  {
    what: 'a score on which the fused output does not depend',
    model: 'vectors.onnx',
    wishes: { ...audioAndVideo({ reliability: binding('part_a') }), output: { tensor: 'logits_v' } },
    sentence:
      'The model "vectors.onnx" cannot be cut at the reliability "part_a": the fused output "logits_v" does not depend on it.',
  },
  {
    what: 'a score behind another one',
    model: 'vectors.onnx',
    wishes: audioAndVideo({ reliability: binding('q_a') }, { reliability: binding('part_a') }),
    sentence:
      'The model "vectors.onnx" cannot be cut at the reliability "q_a": it reaches the fused output "fused" only through part_a. Name tensors that lie beside each other.',
  },
  {
    what: 'a computed score with several numbers for a matrix',
    model: 'vectors.onnx',
    wishes: {
      ...matrix('logits_a', 1),
      reliability: { ...matrix('logits_a', 1).reliability!, column: 'logits_a' },
    },
    sentence:
      'The reliability "logits_a" of the model "vectors.onnx" has shape [7, 3] for 7 examples; [7, 2] is needed for axis: 1 and order: [video, audio].',
  },
  {
    what: 'a computed score that is NaN',
    model: 'root.onnx',
    wishes: audioAndVideo({ reliability: binding('root') }),
    data: dataWith(numbers('Q_a', [ROWS], [1, 1, 1, -1, 1, 1, 1])),
    sentence:
      'The reliability "root" of the model "root.onnx" is NaN for row 3 (counting from 0) of "eval.npz"; a score must be a finite number.',
  },
  {
    what: 'an input named twice',
    model: 'single.onnx',
    wishes: { ...fused, inputs: [binding('E_a', 'E_v')] },
    sentence: 'The model input "E_a" is named twice, by inputs and by modalities.audio.inputs; name it once.',
  },
  {
    what: 'an input that nothing fills',
    model: 'scalar.onnx',
    data: dataWith(ones('scales')),
    sentence: `Nothing fills the input "scale" of the model "scalar.onnx": "eval.npz" has no column of that name. Did you mean "scales"? Name one as {tensor: scale, column: ...} under inputs. The model's inputs: E_a [N, 3] float32, E_v [N, 2] float32, Q_a [N] float32, Q_v [N] float32 and scale [] float32. The columns: E_a [7, 3] float32, E_v [7, 2] float32, Q_a [7] float32, Q_v [7] float32, D_a [7, 2] float32, Q [7, 2] float32 and scales [7] float32.`,
  },
  {
    what: 'an input without an axis for examples',
    model: 'scalar.onnx',
    data: dataWith(ones('scale')),
    sentence:
      "The model's input scale [] float32 has no axis 0, which should run over the examples; make it a constant of the model.",
  },
  {
    what: 'a column of another width',
    model: 'single.onnx',
    data: dataWith(numbers('E_a', [ROWS, 4], Array<number>(4 * ROWS).fill(1))),
    sentence:
      'The column "E_a" has shape [7, 4], which does not fit the model\'s input E_a [N, 3] float32: each row must have shape [3].',
  },
  {
    what: 'a vector where a number is needed',
    model: 'single.onnx',
    wishes: audioAndVideo({ reliability: binding('Q_a', 'D_a') }),
    sentence:
      'The column "D_a" has shape [7, 2], which does not fit the model\'s input Q_a [N] float32: each row must be a single number.',
  },
  {
    what: 'modalities on the other axis',
    model: 'transposed.onnx',
    wishes: matrix('QT', 1),
    sentence:
      "The model's reliability input QT [2, ?] float32 has its 2 modalities on axis 0; say reliability: {axis: 0}.",
  },
  {
    what: 'examples on the other axis',
    model: 'matrix.onnx',
    wishes: matrix('Q', 0),
    sentence:
      "The model's reliability input Q [N, 2] float32 has its 2 modalities on axis 1; say reliability: {axis: 1}.",
  },
  {
    what: 'NaN in evidence',
    model: 'single.onnx',
    data: dataWith(numbers('E_v', [ROWS, 2], [0, 1, 2, 3, 4, NaN, ...Array<number>(8).fill(1)])),
    sentence:
      'The input column "E_v" of "eval.npz" is NaN in row 2 (counting from 0), which is evaluated; mend the value, or mark the row absent in the modality\'s presence column.',
  },
  {
    what: 'text in evidence',
    model: 'single.onnx',
    data: dataWith(text),
    sentence:
      'The input column "E_v" of "eval.npz" holds text, "x" in row 0 (counting from 0); numbers are needed.',
  },
  {
    what: 'a fraction for a whole number',
    model: 'dtypes.onnx',
    wishes: { output: { tensor: 'total' } },
    data: dtypesWith('long', [1, 2, 3.5, 1, 1, 1, 1]),
    sentence:
      'The column "long" of "eval.npz" is 3.5 in row 2 (counting from 0); the model\'s input "long" is int64 and takes whole numbers from -9007199254740991 to 9007199254740991.',
  },
  {
    what: 'a number beyond its dtype',
    model: 'dtypes.onnx',
    wishes: { output: { tensor: 'total' } },
    data: dtypesWith('byte', [1, 1, 1, 1, 1, 1, 128]),
    sentence:
      'The column "byte" of "eval.npz" is 128 in row 6 (counting from 0); the model\'s input "byte" is int8 and takes whole numbers from -128 to 127.',
  },
  {
    what: 'a score beyond float16',
    model: 'half-scores.onnx',
    data: dataWith(numbers('Q_a', [ROWS], [1, 2, 3, 70000, 1, 1, 1])),
    sentence:
      'The column "Q_a" of "eval.npz" is 70000 in row 3 (counting from 0); the model\'s input "Q_a" is float16 and takes numbers from -65504 to 65504.',
  },
  {
    what: 'scores of whole numbers',
    model: 'whole-scores.onnx',
    sentence:
      'The model\'s reliability input "Q_a" is int64, but the gate also feeds it means of scores; make it a float input and cast inside the model.',
  },
  {
    what: 'an input of text',
    model: 'words.onnx',
    data: dataWith(ones('words')),
    sentence:
      'The model\'s input "words" is string; only numbers can be fed. Move what makes numbers of it out of the model, into the evaluation set.',
  },
  {
    what: 'a batch size that the graph does not take',
    model: 'fixed-batch.onnx',
    wishes: { batchSize: 2 },
    sentence:
      'batch-size: 2 does not fit the model "fixed-batch.onnx", which takes exactly 4 rows per pass; remove it, or export the model with a free first axis.',
  },
];

const outputs: readonly Case[] = [
  {
    what: 'several outputs and none named',
    model: 'vectors.onnx',
    wishes: { output: {} },
    sentence: `The model "vectors.onnx" has 3 outputs; say which one is the fused prediction (output: {tensor: ...}). Its outputs: ${OUTPUTS}.`,
  },
  {
    what: 'an output that is not there',
    model: 'vectors.onnx',
    wishes: { output: { tensor: 'fussed' } },
    sentence: `The model "vectors.onnx" has no output "fussed", which output.tensor names. Did you mean "fused"? Its outputs: ${OUTPUTS}.`,
  },
  {
    what: 'an output that has no row per example',
    model: 'no-rows.onnx',
    sentence:
      'The output "turned" of the model "no-rows.onnx" has shape [3, 7] for 7 rows; its first axis must run over the examples.',
  },
  {
    what: 'a pass that the engine refuses',
    model: 'reshape.onnx',
    sentence:
      'The model "reshape.onnx" fails on evaluated rows 0 to 6: ReshapeHelper::ReshapeHelper(const TensorShape &, TensorShapeVector &, bool) input_shape_size == requested_shape_size was false. The input tensor cannot be reshaped to the requested shape. Input shape:{7,3}, requested shape:{4,3}.',
  },
  {
    what: 'NaN in the output',
    model: 'root.onnx',
    data: dataWith(numbers('Q_a', [ROWS], [1, 1, -1, 1, 1, 1, 1])),
    sentence:
      'The model "root.onnx" gives NaN in its output "fused" for row 2 (counting from 0) of "eval.npz" on the data as given; a prediction must be a finite number.',
  },
  {
    what: 'too few class names',
    model: 'single.onnx',
    wishes: { output: { classes: ['a', 'b'] } },
    sentence: 'output.classes names 2 classes, but the output "fused" has 3 columns; name one for each.',
  },
  {
    what: 'too many class names for a single column',
    model: 'margin.onnx',
    wishes: { output: { tensor: 'margin', classes: ['a', 'b', 'c'] } },
    sentence:
      'output.classes names 3 classes, but the output "margin" has 1 column, which means 2; name one for each.',
  },
  {
    what: 'a score of several columns',
    model: 'single.onnx',
    wishes: { output: { kind: 'score', decisionThreshold: 1 } },
    sentence:
      'The output "fused" has 3 columns; kind: score means a single number per row. Say kind: logits or kind: probabilities.',
  },
  {
    what: 'a score without a threshold',
    model: 'margin.onnx',
    wishes: { output: { tensor: 'margin', kind: 'score' } },
    sentence:
      'The output "margin" is a bare score; say from which value on it means class 1 (output: {decision-threshold: ...}).',
  },
  {
    what: 'a threshold for three classes',
    model: 'single.onnx',
    wishes: { output: { decisionThreshold: 0.5 } },
    sentence: 'output.decision-threshold is for two classes, but the output "fused" has 3; remove it.',
  },
  {
    what: 'a threshold that is no probability',
    model: 'margin.onnx',
    wishes: { output: { tensor: 'probability', kind: 'probabilities', decisionThreshold: 5 } },
    sentence:
      'output.decision-threshold is 5; for the output "probability" it is the probability of class 1 and lies between 0 and 1.',
  },
  {
    what: 'logits that are called probabilities',
    model: 'single.onnx',
    wishes: { output: { kind: 'probabilities' } },
    sentence:
      'The output "fused" is said to hold probabilities, but evaluated row 0 has 1.1136589050292969; if these are logits, say kind: logits.',
  },
  {
    what: 'probabilities that nobody called so',
    model: 'margin.onnx',
    wishes: { output: { tensor: 'probability' } },
    sentence:
      'The output "probability" is taken for logits, which mean class 1 from 0 on, but every value lies between 0 and 1; say kind: probabilities, or decision-threshold: 0.5 if these are logits.',
  },
  {
    what: 'stored outputs of another shape',
    model: 'single.onnx',
    wishes: { output: { column: 'Q' } },
    sentence: 'The output column "Q" has shape [7, 2]; the model\'s output has 3 numbers per row.',
  },
];

const experts: readonly Case[] = [
  {
    what: 'an expert for some modalities only',
    model: 'vectors.onnx',
    wishes: audioAndVideo({ expert: 'logits_a' }),
    sentence: 'Some modalities have an expert, but not video; name one for every modality, or for none.',
  },
  {
    what: 'an expert that is nowhere',
    model: 'single.onnx',
    wishes: audioAndVideo({ expert: 'said_a' }, { expert: 'said_v' }),
    sentence:
      'The expert "said_a" of audio is neither an output of the model "single.onnx" nor a column of "eval.npz". The model\'s outputs: fused [N, 3] float32. The columns: E_a, E_v, Q_a, Q_v, D_a and Q.',
  },
  {
    what: 'evidence of an expert',
    model: 'vectors.onnx',
    wishes: audioAndVideo({ expert: 'logits_a', expertKind: 'evidence' }, { expert: 'logits_v' }),
    sentence:
      'modalities.audio.expert-kind: evidence is for cached experts (fusion:); for a model say logits or probabilities.',
  },
  {
    what: 'an expert of other classes',
    model: 'vectors.onnx',
    wishes: audioAndVideo({ expert: 'E_v' }, { expert: 'logits_v' }),
    sentence: 'The expert column "E_v" has 2 columns, but the fused output has 3 classes; it needs 3.',
  },
  {
    what: 'an expert of another kind than said',
    model: 'vectors.onnx',
    wishes: audioAndVideo({ expert: 'logits_a', expertKind: 'probabilities' }, { expert: 'logits_v' }),
    sentence:
      'The expert output "logits_a" is said to hold probabilities, but evaluated row 0 has 1.16845703125; if these are logits, say expert-kind: logits.',
  },
  {
    what: 'an expert that is a bare score',
    model: 'margin.onnx',
    wishes: {
      ...audioAndVideo({ expert: 'flat', expertKind: 'score' }, { expert: 'flat' }),
      output: { tensor: 'margin' },
    },
    sentence:
      'The expert output "flat" is a bare score, which only a fused output that is one too can decide; say its expert-kind: logits or probabilities.',
  },
];

describe.each([
  ['inputs', inputs],
  ['outputs', outputs],
  ['experts', experts],
])('freezeModel refuses %s:', (_, cases) => {
  it.each(cases)('$what', async ({ model, wishes, data, sentence }) => {
    const error: unknown = await freezeFile(model, wishes, data).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toBe(sentence);
  });
});

describe('a replay', () => {
  it('refuses NaN that comes of changed scores', async () => {
    const fusion = await freezeFile('root.onnx');
    const below = fusion.reliability.map(({ width, values }) => ({ width, values: values.map(() => -1) }));
    await expect(fusion.replay(below)).rejects.toThrow(
      new ConfigurationError(
        'The model "root.onnx" gives NaN in its output "fused" for row 0 (counting from 0) of "eval.npz" once its scores are changed; a prediction must be a finite number.',
      ),
    );
    await fusion.close();
  });
});
