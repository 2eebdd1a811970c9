import { z } from 'zod';

/** The fusion rules that need no model, only cached experts. */
export const RULES = [
  'weighted-mean',
  'softmax',
  'hard',
  'product-of-experts',
  'logit-sum',
  'linear-router',
  'dempster',
] as const;
export type RuleName = (typeof RULES)[number];

export const ENGINES = ['auto', 'onnxruntime-web', 'onnxruntime-node', 'tfjs', 'tfjs-node'] as const;

/** What an output is: class scores of some kind, or one number that is itself the prediction. */
const outputKind = z.enum(['logits', 'probabilities', 'score', 'value']);

/** The metrics that fit each kind of output, as `src/diagnostic/metrics/` defines them. The first one is the default. */
export const CLASS_METRICS = [
  'accuracy',
  'balanced-accuracy',
  'macro-f1',
  'micro-f1',
  'weighted-f1',
  'auroc',
  'average-precision',
  'log-loss',
  'brier',
  'ece',
  'top-2-accuracy',
  'top-3-accuracy',
  'top-5-accuracy',
] as const;
export const VALUE_METRICS = [
  'mae',
  'rmse',
  'r2',
  'pearson',
  'spearman',
  'ccc',
  'acc-2-with-zero',
  'acc-2-without-zero',
  'acc-7',
] as const;
/** Those of outputs with several labels an example. */
export const LABEL_METRICS = [
  'subset-accuracy',
  'hamming-loss',
  'multi-label-micro-f1',
  'multi-label-macro-f1',
  'multi-label-weighted-f1',
  'multi-label-samples-f1',
  'multi-label-samples-jaccard',
  'multi-label-macro-auroc',
  'multi-label-micro-auroc',
  'multi-label-macro-average-precision',
  'multi-label-micro-average-precision',
] as const;

/** Every metric by its name. */
export const METRICS = [...CLASS_METRICS, ...VALUE_METRICS, ...LABEL_METRICS] as const;
export type MetricName = (typeof METRICS)[number];

/** Most shuffles of a kind. */
export const MAX_COUNT = 1_000_000;
/** Shuffles for per-modality gaps and controls, unless alpha needs more. */
export const SECONDARY_COUNT = 200;

const name = z.string().min(1);
const expertKind = z.enum(['logits', 'probabilities', 'score', 'evidence']);

const binding = z.union([
  name,
  z.strictObject({
    tensor: name.describe("the model's tensor."),
    column: name.optional().describe('The column that fills it; default: the name of the tensor.'),
  }),
]);

/** A file from the network: its hash says which, whatever the address gives. */
const remote = {
  url: name.describe('https://host/path, or hf://owner/repo@revision/path (Hugging Face).'),
  sha256: name.describe(
    'the SHA-256 that the file must have, as 64 hexadecimal digits. Run sha256sum on the copy that you have checked; Hugging Face shows it on the page of the file.',
  ),
};
const remoteFile = z.strictObject(remote);
const remoteModel = z.strictObject({
  ...remote,
  files: z
    .array(
      z.strictObject({
        ...remote,
        path: name
          .optional()
          .describe(
            'Where the model looks for it, from its own folder. Default: the last part of the address.',
          ),
      }),
    )
    .max(1000)
    .optional()
    .describe('Weights that the model keeps in files beside it.'),
});
export type RemoteModel = z.output<typeof remoteModel>;

/** Most labels, where an example may have several. */
export const MAX_LABELS = 1000;

/** Most folds in a list. */
const MAX_FOLDS = 200;

/** Most columns that make slices. */
const MAX_SLICE_COLUMNS = 10;

/** One, some or all of the seeds or folds that there are. */
const numbersOfFolds = z.union([
  z.int().min(0),
  z.array(z.int().min(0)).min(1).max(MAX_FOLDS),
  z.literal('all'),
]);

/** A fold of a folder in the layout of the paper's code, or several. */
const contractSet = z.strictObject({
  contract: name.describe(
    'a folder with union, splits, quality and unimodal_preds, as the code of the paper has them.',
  ),
  seed: numbersOfFolds
    .optional()
    .describe(
      'A seed, a list of seeds or "all": several are judged as one gate, fold by fold and together. Default: the only one there is.',
    ),
  fold: numbersOfFolds
    .optional()
    .describe(
      'A fold, a list of folds or "all". {seed} and {fold} in the paths of a model, of weights and of a bank then stand for each. Default: the only one there is.',
    ),
  experts: name
    .optional()
    .describe('The folder in unimodal_preds, such as lr. Default: the only one there is.'),
  corruption: z
    .number()
    .positive()
    .max(100)
    .optional()
    .describe(
      "The paper's corruption control: the scores are those of qsyn/clean, and where one is 0 its expert has a logit of this size for the wrong class. The paper has 8.",
    ),
});

const modality = z.strictObject({
  inputs: z
    .array(binding)
    .default([])
    .describe('Evidence of this modality alone, as tensor names or {tensor, column}.'),
  reliability: binding
    .optional()
    .describe(
      'The score under test: an input of the model and the column that fills it, or (ONNX) any tensor that the model computes inside, without a column.',
    ),
  presence: name
    .optional()
    .describe('Column that is 1 where the modality was observed. Default: observed everywhere.'),
  expert: name
    .optional()
    .describe(
      'The unimodal prediction: a model output, (ONNX) a tensor that the model computes inside, or a column of the evaluation set.',
    ),
  'expert-kind': expertKind
    .optional()
    .describe(
      'What the expert\'s numbers are. Default: the kind of the fused output. "evidence" is for dempster.',
    ),
  'reliable-when': z
    .enum(['high', 'low'])
    .optional()
    .describe(
      'Which end of the score means reliable. Default: high; for dempster, whose score is an uncertainty, low.',
    ),
});

/** A fusion rule with its options; the short form names the rule alone. */
export const fusionRule = z.strictObject({
  rule: z.enum(RULES).describe('the name of the rule.'),
  temperature: z.number().positive().default(1).describe('softmax: scores are divided by it.'),
  weights: z
    .union([name, remoteFile])
    .optional()
    .describe('linear-router: a .npz with W [2M, M] and b [M], applied to [presence, Q].'),
  epsilon: z
    .number()
    .positive()
    .max(0.1)
    .default(1e-6)
    .describe('Probabilities are clipped to [epsilon, 1 - epsilon] before a logarithm.'),
});

const bankFile = z.strictObject({
  path: z.union([name, remoteFile]).describe('the .npz with shuffled scores per modality, [rows, K].'),
  id: name
    .optional()
    .describe("Array of row ids to match with columns.id. Default: the evaluation set's own order."),
  scores: z.record(name, name).describe('the name of an array for each modality.'),
});

/** A fold of a gate: what it has of its own. */
const foldFile = z.strictObject({
  name: name.max(100).optional().describe('Default: its place in the list, from 0: "fold 0".'),
  model: name.optional().describe('As of the gate.'),
  head: name.optional().describe('As of the gate.'),
  fusion: z
    .union([z.enum(RULES), fusionRule])
    .optional()
    .describe('As of the gate.'),
  'evaluation-set': z.union([name, contractSet]).optional().describe('As of the gate.'),
  subset: name.optional().describe('As columns.subset of the gate.'),
  bank: bankFile
    .extend({ path: name.describe('the .npz with shuffled scores per modality, [rows, K].') })
    .optional()
    .describe('As permutations.bank of the gate.'),
});

/** One gate as it stands in the config file. The only place where defaults live. */
export const gateFile = z.strictObject({
  name: name
    .max(100)
    .default('fusion-gate')
    .describe('Identity of the gate: comment marker, history series, check name.'),
  model: z
    .union([name, remoteModel])
    .optional()
    .describe(
      '.onnx, TensorFlow.js model.json, a SavedModel folder (with tfjs-node), the address of a model on a server: http://host:port/v2/models/NAME; or a file to download as {url, sha256}.',
    ),
  head: z
    .union([name, remoteModel])
    .optional()
    .describe(
      'A second model, which makes the fused output of the scores and of what "model" gives: a replay runs it alone.',
    ),
  command: name
    .max(1000)
    .optional()
    .describe(
      'Starts the server on this machine, for the time of the run: a program and its arguments. In a file it is run only where the workflow says allow-command.',
    ),
  server: z
    .strictObject({
      'request-timeout': z
        .number()
        .positive()
        .max(3600)
        .default(120)
        .describe('Seconds that one request may take.'),
      'ready-timeout': z
        .number()
        .positive()
        .max(3600)
        .default(60)
        .describe('Seconds that the server may take to become ready.'),
      concurrency: z.int().min(1).max(64).default(4).describe('Requests under way at a time.'),
    })
    .prefault({})
    .describe('How a model on a server is asked.'),
  fusion: z
    .union([z.enum(RULES), fusionRule])
    .optional()
    .describe('In place of a model: a named rule over cached experts.'),
  engine: z
    .enum(ENGINES)
    .default('auto')
    .describe('auto: the native engine where it is installed, else the embedded one.'),
  'batch-size': z
    .int()
    .positive()
    .optional()
    .describe('Rows per forward pass. Default: chosen to fit memory.'),
  'evaluation-set': z
    .union([name, contractSet, remoteFile])
    .describe('the file with the evaluation set: .npz, .csv, .jsonl or .parquet.'),
  columns: z
    .strictObject({
      label: z
        .union([name, z.array(name).min(2).max(MAX_LABELS)])
        .describe('the column with the true class (or value) of each example.'),
      id: name.optional().describe('Unique id of each example.'),
      subset: name
        .optional()
        .describe('Column that is 1 on the rows to evaluate, e.g. a test mask. Default: all rows.'),
      fold: name
        .optional()
        .describe(
          'Column with the fold of each row: metrics are means over folds, shuffles stay inside them, and the report has a table.',
        ),
      seed: name
        .optional()
        .describe(
          'Column with the seed of a repeated cross-validation, in which examples come again; needs "id", the same in each.',
        ),
      block: name
        .optional()
        .describe(
          'Column with the block of each example, as text or whole numbers: the subject, session or site. Shuffles stay within blocks, and intervals draw whole blocks.',
        ),
    })
    .describe('at least "label", the column with the true class (or value) of each example.'),
  slices: z
    .array(name)
    .min(1)
    .max(MAX_SLICE_COLUMNS)
    .optional()
    .describe(
      'Columns of text or whole numbers, such as site or language: the gap among the examples of each value, with p-values corrected for their number (Holm).',
    ),
  'train-ids': z
    .union([
      name,
      z.strictObject({
        path: name.describe('the file with the ids that the model was trained on.'),
        column: name.optional().describe('Default: that of columns.id.'),
      }),
    ])
    .optional()
    .describe(
      'Ids that the model was trained on: a .txt with one a line, or a column of a .npz, .csv, .jsonl or .parquet.',
    ),
  leakage: z
    .enum(['error', 'warn'])
    .default('error')
    .describe('What follows where an evaluated example is among train-ids.'),
  modalities: z.record(name, modality).describe('a key for each modality, with its reliability.'),
  inputs: z.array(binding).default([]).describe('Evidence that belongs to no single modality.'),
  reliability: z
    .strictObject({
      tensor: name.describe('an input of the model, or (ONNX) any tensor that it computes inside.'),
      column: name
        .optional()
        .describe(
          'The column that fills an input; default: the name of the tensor. A tensor inside has no column.',
        ),
      order: z.array(name).min(1).describe('the names of the modalities in the order of the scores.'),
      axis: z
        .union([z.literal(0), z.literal(1)])
        .default(1)
        .describe('The axis of the tensor that runs over modalities.'),
    })
    .optional()
    .describe('One tensor with the scores of all modalities, in place of the key in each modality.'),
  output: z
    .strictObject({
      tensor: name.optional().describe("The fused output. Default: the model's only output."),
      column: name
        .optional()
        .describe(
          'Column with the fused outputs as your training code saw them: the replay must reproduce it.',
        ),
      kind: outputKind
        .default('logits')
        .describe('What its numbers are: of classes, or "value" for one number that is the prediction.'),
      'multi-label': z
        .boolean()
        .default(false)
        .describe(
          'An example may have several labels, or none: each of the L outputs is the logit or probability of one (a sigmoid each, no softmax), and columns.label is [N, L] of 0 and 1, or a list of L columns.',
        ),
      'decision-threshold': z
        .union([z.number(), z.array(z.number()).min(2).max(MAX_LABELS)])
        .optional()
        .describe(
          'Binary only: class 1 where its probability (or the score) is at least this. Default: 0.5; for two outputs the larger one. With multi-label the same for each label, or a list with one for each.',
        ),
      classes: z.array(name).min(2).optional().describe('Class names in the order of the outputs.'),
    })
    .prefault({}),
  folds: z
    .array(foldFile)
    .min(1)
    .max(MAX_FOLDS)
    .optional()
    .describe(
      'Several models or evaluation sets judged as one gate, fold by fold and together. What a fold does not say, it has from the gate.',
    ),
  metric: z
    .enum(METRICS)
    .optional()
    .describe(
      'The metric that gates. Default: accuracy; for an output of kind "value", mae; with multi-label, subset-accuracy.',
    ),
  metrics: z
    .array(z.enum(METRICS))
    .max(METRICS.length)
    .default([])
    .describe('Metrics that are reported beside the one that gates.'),
  threshold: z
    .number()
    .positive()
    .default(0.01)
    .describe(
      "Smallest permutation gap that counts, in the metric's own unit. mae and rmse have no default: their unit is the label's.",
    ),
  alpha: z.number().positive().max(0.5).default(0.05).describe('Level of significance.'),
  permutations: z
    .strictObject({
      count: z.int().min(1).max(MAX_COUNT).default(1000).describe('Shuffles.'),
      most: z
        .int()
        .min(1)
        .max(MAX_COUNT)
        .optional()
        .describe(
          'Shuffles that may be drawn, doubling their number, while p may lie on either side of alpha. Default: 10 times count. Shards and banks draw no more than count.',
        ),
      sequential: z
        .boolean()
        .default(false)
        .describe(
          'Draw no more of the count shuffles than it takes to settle that the scores neither help nor harm (Besag and Clifford 1991).',
        ),
      'secondary-count': z
        .int()
        .min(1)
        .max(MAX_COUNT)
        .optional()
        .describe(
          `Shuffles for each per-modality gap and each positive control. Default: ${SECONDARY_COUNT}, or as many as alpha needs.`,
        ),
      scheme: z
        .enum(['independent', 'joint'])
        .default('independent')
        .describe('Each modality its own shuffle, or one shuffle for whole score vectors.'),
      within: z
        .union([
          z.enum(['all', 'block', 'predicted-class']),
          z.strictObject({
            match: z
              .array(name)
              .min(1)
              .max(20)
              .describe('columns of numbers that the scores may depend on, such as a noise level.'),
            neighbours: z
              .int()
              .min(2)
              .max(10_000)
              .default(5)
              .describe('Rows in a group, of which each is near the others in these columns.'),
          }),
        ])
        .optional()
        .describe(
          'What shuffles stay within: "block" (default where there is columns.block), "all" (nothing), and beside any blocks "predicted-class" (the class that is predicted with equal scores) or {match: [columns], neighbours: 5} (groups of rows that are alike in these columns).',
        ),
      move: z
        .enum(['rows', 'blocks'])
        .default('rows')
        .describe(
          'What changes places: scores of rows, or of whole blocks among blocks with the same number of rows, where a score belongs to the block.',
        ),
      seed: z.int().min(0).default(0),
      bank: bankFile
        .optional()
        .describe('Broken-Q from a file in place of our own shuffles; count is then its K.'),
    })
    .prefault({}),
  'uniform-score': z
    .union([z.literal('mean'), z.number()])
    .default('mean')
    .describe('What every score becomes for No-Q: the pooled mean of the present scores, or a number.'),
  interval: z
    .strictObject({
      method: z
        .enum(['bca', 'percentile'])
        .default('bca')
        .describe('The bootstrap: bias-corrected and accelerated, or plain percentiles.'),
      confidence: z.number().min(0.5).max(0.999).default(0.95),
      resamples: z.int().min(100).max(100_000).default(2000),
    })
    .prefault({}),
  control: z
    .strictObject({
      threshold: z
        .number()
        .positive()
        .optional()
        .describe(
          'Gap at which a positive control passes. Default: 0.05; by mae and rmse, 5 times the threshold.',
        ),
      quantiles: z
        .tuple([z.number().min(0).max(1), z.number().min(0).max(1)])
        .default([0.05, 0.95])
        .describe("The two levels of a truthful score: quantiles of the modality's own scores."),
    })
    .prefault({}),
  'fail-on-inconclusive': z
    .boolean()
    .default(true)
    .describe('Whether an inconclusive verdict fails the build.'),
  'fail-on-regression': z
    .boolean()
    .default(false)
    .describe('Whether a gap that is shown to have fallen since the base fails the build.'),
  'regression-threshold': z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("How far the gap may fall since the base, in the metric's own unit. Default: threshold."),
});

/** The whole config file. */
export const configFile = z.strictObject({
  name: name.max(100).optional().describe('Identity of the comment. Default: the name of the first gate.'),
  gates: z
    .array(gateFile)
    .min(1)
    .max(100)
    .describe('a list with a gate for each model to judge; their names must differ.'),
});

export type GateFile = z.output<typeof gateFile>;
