import { describeValues } from './known-keys.ts';

/** One wish that can be said without a file: a flag of the command line, an input of the action. */
export interface Input {
  readonly name: string;
  /** A `file` is a path, or an address with its hash: `https://host/file#sha256=...`. */
  readonly kind: 'text' | 'number' | 'boolean' | 'list' | 'file';
  /** Stands for the value in `--help`. */
  readonly value: string;
  readonly description: string;
  /** The key of the gate that it sets; `*` is each modality in turn. */
  readonly path: readonly string[];
  /** Whether it speaks of one gate's model and data, or may hold for every gate of a file. */
  readonly scope: 'one' | 'every';
}

/** Every wish that can be said without a file, in the order of `--help`. */
export const INPUTS = [
  {
    name: 'name',
    kind: 'text',
    value: 'name',
    description: 'Identity of the gate and of its comment.',
    path: ['name'],
    scope: 'one',
  },
  {
    name: 'model',
    kind: 'file',
    value: 'path',
    description:
      'The candidate: .onnx, TensorFlow.js model.json, a SavedModel folder, http://host:port/v2/models/NAME, or a download: hf://owner/repo/file#sha256=HASH.',
    path: ['model'],
    scope: 'one',
  },
  {
    name: 'head',
    kind: 'file',
    value: 'path',
    description: 'A second model, which takes the scores and what the first one gives.',
    path: ['head'],
    scope: 'one',
  },
  {
    name: 'command',
    kind: 'text',
    value: 'command',
    description: 'Starts the server of the model on this machine, for the time of the run.',
    path: ['command'],
    scope: 'every',
  },
  {
    name: 'fusion',
    kind: 'text',
    value: 'rule',
    description: 'In place of a model, a rule over cached experts.',
    path: ['fusion'],
    scope: 'one',
  },
  {
    name: 'evaluation-set',
    kind: 'file',
    value: 'path',
    description: 'The examples: .npz, .csv, .jsonl or .parquet.',
    path: ['evaluation-set'],
    scope: 'one',
  },
  {
    name: 'label',
    kind: 'text',
    value: 'column',
    description: 'Column with the true class (or value) of each example.',
    path: ['columns', 'label'],
    scope: 'one',
  },
  {
    name: 'id',
    kind: 'text',
    value: 'column',
    description: 'Column with the unique id of each example.',
    path: ['columns', 'id'],
    scope: 'one',
  },
  {
    name: 'train-ids',
    kind: 'text',
    value: 'path',
    description: 'Ids that the model was trained on, none of which may be evaluated.',
    path: ['train-ids'],
    scope: 'one',
  },
  {
    name: 'leakage',
    kind: 'text',
    value: 'error|warn',
    description: 'What follows where an evaluated example is among train-ids.',
    path: ['leakage'],
    scope: 'every',
  },
  {
    name: 'block',
    kind: 'text',
    value: 'column',
    description: 'Column with the block of each example: its subject, session or site.',
    path: ['columns', 'block'],
    scope: 'one',
  },
  {
    name: 'reliability',
    kind: 'list',
    value: 'names',
    description:
      'The scores under test: a name or tensor=column for each modality, or one for all of them as [N, M].',
    path: ['modalities', '*', 'reliability'],
    scope: 'one',
  },
  {
    name: 'modalities',
    kind: 'list',
    value: 'names',
    description: 'Names of the modalities. Default: the names of the scores.',
    path: ['modalities'],
    scope: 'one',
  },
  {
    name: 'experts',
    kind: 'list',
    value: 'names',
    description: 'The unimodal prediction of each modality: model outputs or columns.',
    path: ['modalities', '*', 'expert'],
    scope: 'one',
  },
  {
    name: 'output',
    kind: 'text',
    value: 'tensor',
    description: "The fused output. Default: the model's only output.",
    path: ['output', 'tensor'],
    scope: 'one',
  },
  {
    name: 'output-kind',
    kind: 'text',
    value: 'kind',
    description: 'What the numbers of the fused output are.',
    path: ['output', 'kind'],
    scope: 'one',
  },
  {
    name: 'multi-label',
    kind: 'boolean',
    value: 'true|false',
    description: 'Whether an example may have several labels: each of the outputs is one.',
    path: ['output', 'multi-label'],
    scope: 'one',
  },
  {
    name: 'decision-threshold',
    kind: 'number',
    value: 'number',
    description: 'Class 1 of two, or each label, where its probability (or the score) is at least this.',
    path: ['output', 'decision-threshold'],
    scope: 'one',
  },
  {
    name: 'engine',
    kind: 'text',
    value: 'engine',
    description: 'What runs the model.',
    path: ['engine'],
    scope: 'every',
  },
  {
    name: 'metric',
    kind: 'text',
    value: 'metric',
    description:
      'What is measured. Default: accuracy; for an output of kind value, mae; with multi-label, subset-accuracy.',
    path: ['metric'],
    scope: 'every',
  },
  {
    name: 'threshold',
    kind: 'number',
    value: 'gap',
    description: 'Smallest permutation gap that counts, in the unit of the metric.',
    path: ['threshold'],
    scope: 'every',
  },
  {
    name: 'alpha',
    kind: 'number',
    value: 'level',
    description: 'Level of significance.',
    path: ['alpha'],
    scope: 'every',
  },
  {
    name: 'permutations',
    kind: 'number',
    value: 'count',
    description: 'Number of shuffles.',
    path: ['permutations', 'count'],
    scope: 'every',
  },
  {
    name: 'sequential',
    kind: 'boolean',
    value: 'true|false',
    description: 'Whether to draw no more shuffles than it takes to settle that the scores do not help.',
    path: ['permutations', 'sequential'],
    scope: 'every',
  },
  {
    name: 'scheme',
    kind: 'text',
    value: 'scheme',
    description: 'Each modality its own shuffle, or one shuffle for whole score vectors.',
    path: ['permutations', 'scheme'],
    scope: 'every',
  },
  {
    name: 'seed',
    kind: 'number',
    value: 'integer',
    description: 'Seed of the shuffles.',
    path: ['permutations', 'seed'],
    scope: 'every',
  },
  {
    name: 'control-threshold',
    kind: 'number',
    value: 'gap',
    description:
      'Gap at which a positive control passes. Default: 0.05; by mae and rmse, 5 times the threshold.',
    path: ['control', 'threshold'],
    scope: 'every',
  },
  {
    name: 'fail-on-inconclusive',
    kind: 'boolean',
    value: 'true|false',
    description: 'Whether an inconclusive verdict fails.',
    path: ['fail-on-inconclusive'],
    scope: 'every',
  },
  {
    name: 'fail-on-regression',
    kind: 'boolean',
    value: 'true|false',
    description: 'Whether a gap that is shown to have fallen since the base fails.',
    path: ['fail-on-regression'],
    scope: 'every',
  },
  {
    name: 'regression-threshold',
    kind: 'number',
    value: 'gap',
    description: 'How far the gap may fall since the base.',
    path: ['regression-threshold'],
    scope: 'every',
  },
] as const satisfies readonly Input[];

/** What an input is for, with the values and the default that the schema has for it. */
export function inputHelp({ description, path }: Input): string {
  return description + describeValues(['gates', 0, ...path]);
}

export type InputName = (typeof INPUTS)[number]['name'];
