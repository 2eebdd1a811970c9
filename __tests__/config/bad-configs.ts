import type { InputName } from '../../src/config/inputs.ts';

/** One mistake and the exact words that it gets. */
export interface BadConfig {
  readonly title: string;
  /** Text of `fusion-gate.yml`; undefined: there is none. */
  readonly yaml?: string;
  /** What is said by flags, without the dashes. */
  readonly inputs?: Readonly<Partial<Record<InputName, string>>>;
  readonly gates?: readonly string[];
  readonly allowHosts?: string;
  readonly sentence: string;
}

const HEAD = `gates:
  - name: stress
    model: model.onnx
    evaluation-set: eval.npz
    columns: { label: y }
`;
const MODALITIES = `    modalities: { audio: { reliability: Q_a }, video: { reliability: Q_v } }
`;
const CACHED = `gates:
  - name: cached
    evaluation-set: eval.npz
    columns: { label: y }
    modalities: { audio: { reliability: Q_a, expert: p_a }, video: { reliability: Q_v, expert: p_v } }
`;

/** A sound gate with further keys. */
export function gateWith(...lines: readonly string[]): string {
  return HEAD + MODALITIES + indent(lines);
}

/** A gate whose modalities are given by the lines. */
function gateOf(...lines: readonly string[]): string {
  return HEAD + indent(lines);
}

/** A gate over cached experts, without its rule. */
function cachedWith(...lines: readonly string[]): string {
  return CACHED + indent(lines);
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}\n`).join('');
}

const FLAGS = { model: 'm.onnx', 'evaluation-set': 'e.npz', label: 'y', reliability: 'Q_a,Q_v' } as const;
const TWO_GATES = `gates:
  - &first { name: stress-a, model: m, evaluation-set: e, columns: { label: y }, modalities: { audio: { reliability: q } } }
  - { name: stress-b, model: m, evaluation-set: e, columns: { label: y }, modalities: { audio: { reliability: q } } }
`;

const GATE_KEYS =
  'name, model, head, command, server, fusion, engine, batch-size, evaluation-set, columns, rows, slices, train-ids, leakage, modalities, inputs, reliability, output, folds, metric, metrics, threshold, alpha, permutations, uniform-score, interval, control, fail-on-inconclusive, fail-on-regression, regression-threshold';

const METRICS =
  'accuracy, balanced-accuracy, macro-f1, micro-f1, weighted-f1, auroc, average-precision, log-loss, brier, ece, top-2-accuracy, top-3-accuracy, top-5-accuracy, mae, rmse, r2, pearson, spearman, ccc, acc-2-with-zero, acc-2-without-zero, acc-7, subset-accuracy, hamming-loss, multi-label-micro-f1, multi-label-macro-f1, multi-label-weighted-f1, multi-label-samples-f1, multi-label-samples-jaccard, multi-label-macro-auroc, multi-label-micro-auroc, multi-label-macro-average-precision or multi-label-micro-average-precision';

const YAML: readonly BadConfig[] = [
  {
    title: 'an empty file',
    yaml: '',
    sentence: 'fusion-gate.yml must be a mapping of keys, but is empty.',
  },
  {
    title: 'a bracket that stays open',
    yaml: 'gates: [\nname: x\n',
    sentence:
      'fusion-gate.yml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ].',
  },
  {
    title: 'a tab',
    yaml: 'gates:\n\t- name: x\n',
    sentence: 'fusion-gate.yml:2:1: Tabs are not allowed as indentation.',
  },
  {
    title: 'a key given twice',
    yaml: gateWith('alpha: 0.1', 'alpha: 0.2'),
    sentence: 'fusion-gate.yml:8:5: The key "alpha" appears twice in one mapping. Keep one.',
  },
  {
    title: 'code behind a tag',
    yaml: gateWith('metric: !!js/function "function () {}"'),
    sentence:
      'fusion-gate.yml:7:27: The tag !!js/function is not allowed. Write a plain value, without a tag.',
  },
  {
    title: 'a set',
    yaml: gateWith('inputs: !!set { x }'),
    sentence: 'fusion-gate.yml:7:19: The tag !!set is not allowed. Write a plain value, without a tag.',
  },
  {
    title: 'a key __proto__',
    yaml: gateWith('__proto__: { metric: accuracy }'),
    sentence: 'fusion-gate.yml:7:5: The key "__proto__" is not allowed. Choose another name.',
  },
  {
    title: 'an alias bomb',
    yaml: `a: &a [x]\nb: &b [${'*a, '.repeat(30)}]\nc: &c [${'*b, '.repeat(30)}]\nd: [${'*c, '.repeat(30)}]\n`,
    sentence:
      'fusion-gate.yml holds more than 20000 values, with its aliases (*name) written out. No config needs as many.',
  },
  {
    title: 'very many values',
    yaml: `a: [${'1, '.repeat(20_000)}]`,
    sentence:
      'fusion-gate.yml holds more than 20000 values, with its aliases (*name) written out. No config needs as many.',
  },
  {
    title: 'very many aliases',
    yaml: `a: &a 1\nb: [${'*a, '.repeat(101)}]\n`,
    sentence: 'fusion-gate.yml:2:405: At most 100 aliases (*name) are allowed in one file.',
  },
  {
    title: 'an alias of itself',
    yaml: 'gates: &g [*g]\n',
    sentence: 'fusion-gate.yml:1:12: The alias *g contains itself.',
  },
  {
    title: 'an alias without an anchor',
    yaml: 'gates: *g\n',
    sentence: 'fusion-gate.yml:1:8: The alias *g stands before its anchor &g.',
  },
  {
    title: 'deep brackets',
    yaml: '['.repeat(500_000) + ']'.repeat(500_000),
    sentence: 'fusion-gate.yml:1:51: The file nests more than 50 deep here. No key of it needs that.',
  },
  {
    title: 'deep lists',
    yaml: '- '.repeat(500_000),
    sentence: 'fusion-gate.yml:1:201: The file nests more than 50 deep here. No key of it needs that.',
  },
  {
    title: 'deep keys',
    yaml: '? '.repeat(500_000),
    sentence: 'fusion-gate.yml:1:201: The file nests more than 50 deep here. No key of it needs that.',
  },
  {
    title: 'deep indentation',
    yaml: Array.from({ length: 60 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
    sentence: 'fusion-gate.yml:51:51: The file nests more than 50 deep here. No key of it needs that.',
  },
  {
    title: 'a second document',
    yaml: `${gateWith()}---\ngates: []\n`,
    sentence: 'fusion-gate.yml:7:1: A second YAML document begins here (---). Keep one.',
  },
  {
    title: 'a list as key',
    yaml: '[a]: 1\n',
    sentence: 'fusion-gate.yml:1:1: A key must be plain text.',
  },
  {
    title: 'more than 1 MiB',
    yaml: `# ${'x'.repeat(2 ** 20)}`,
    sentence: 'The config file "fusion-gate.yml" has 1048578 bytes; at most 1048576 are allowed.',
  },
];

const SHAPE: readonly BadConfig[] = [
  {
    title: "a list in place of the file's keys",
    yaml: '- a\n',
    sentence: 'fusion-gate.yml must be a mapping of keys, but is a list.',
  },
  {
    title: 'no key gates',
    yaml: '{}\n',
    sentence:
      'fusion-gate.yml: gates is missing. Needed here: a list with a gate for each model to judge; their names must differ.',
  },
  {
    title: 'no gate',
    yaml: 'gates: []\n',
    sentence: 'fusion-gate.yml: gates must have at least 1 entry, but has 0.',
  },
  {
    title: 'a gate that is text',
    yaml: 'gates: [stress]\n',
    sentence: 'fusion-gate.yml: gates[0] must be a mapping of keys, but is the text "stress".',
  },
  {
    title: 'a misspelt key of the file',
    yaml: 'gate: []\n',
    sentence: 'fusion-gate.yml: gate is not a known key. Did you mean "gates"? Allowed: name, gates.',
  },
  {
    title: 'a misspelt key of a gate',
    yaml: gateWith('treshold: 0.1'),
    sentence: `fusion-gate.yml: gates[0].treshold is not a known key. Did you mean "threshold"? Allowed: ${GATE_KEYS}.`,
  },
  {
    title: 'a key of a gate that resembles none',
    yaml: gateWith('gpu: true'),
    sentence: `fusion-gate.yml: gates[0].gpu is not a known key. Allowed: ${GATE_KEYS}.`,
  },
  {
    title: 'a misspelt key of a modality',
    yaml: gateOf('modalities: { audio: { reliabilty: Q_a } }'),
    sentence:
      'fusion-gate.yml: gates[0].modalities.audio.reliabilty is not a known key. Did you mean "reliability"? Allowed: inputs, reliability, presence, expert, expert-kind, reliable-when.',
  },
  {
    title: 'a misspelt key of a modality with an odd name',
    yaml: gateOf('modalities: { "left ear": { expret: e, reliability: q } }'),
    sentence:
      'fusion-gate.yml: gates[0].modalities["left ear"].expret is not a known key. Did you mean "expert"? Allowed: inputs, reliability, presence, expert, expert-kind, reliable-when.',
  },
  {
    title: 'a misspelt key of a binding',
    yaml: gateOf('modalities: { audio: { reliability: { tensor: q, colum: c } } }'),
    sentence:
      'fusion-gate.yml: gates[0].modalities.audio.reliability.colum is not a known key. Did you mean "column"? Allowed: tensor, column.',
  },
  {
    title: 'a misspelt key that is needed',
    yaml: gateWith().replace('evaluation-set', 'evaluation_set'),
    sentence: `fusion-gate.yml: gates[0].evaluation_set is not a known key. Did you mean "evaluation-set"? Allowed: ${GATE_KEYS}.`,
  },
  {
    title: 'a contract folder without a name',
    yaml: gateWith().replace('evaluation-set: eval.npz', 'evaluation-set: { contract: "", seed: 11 }'),
    sentence:
      'fusion-gate.yml: gates[0].evaluation-set.contract is empty. Give it a name, or leave the key out.',
  },
  {
    title: 'a contract folder with a key that is none',
    yaml: gateWith().replace('evaluation-set: eval.npz', 'evaluation-set: { contract: data, sed: 11 }'),
    sentence:
      'fusion-gate.yml: gates[0].evaluation-set.sed is not a known key. Did you mean "seed"? Allowed: contract, seed, fold, experts, corruption, url, sha256.',
  },
  {
    title: 'a corruption of nothing',
    yaml: gateWith().replace('evaluation-set: eval.npz', 'evaluation-set: { contract: data, corruption: 0 }'),
    sentence: 'fusion-gate.yml: gates[0].evaluation-set.corruption must be greater than 0, but is 0.',
  },
  {
    title: 'an evaluation set that is a number',
    yaml: gateWith().replace('evaluation-set: eval.npz', 'evaluation-set: 3'),
    sentence:
      'fusion-gate.yml: gates[0].evaluation-set must be text or a mapping of keys, but is the number 3. Put it in quotes: "3".',
  },
  {
    title: 'no evaluation set',
    yaml: gateWith().replace('    evaluation-set: eval.npz\n', ''),
    sentence:
      'fusion-gate.yml: gates[0].evaluation-set is missing. Needed here: the file with the evaluation set: .npz, .csv, .jsonl or .parquet.',
  },
  {
    title: 'no label',
    yaml: gateWith().replace('{ label: y }', '{ id: i }'),
    sentence:
      'fusion-gate.yml: gates[0].columns.label is missing. Needed here: the column with the true class (or value) of each example.',
  },
  {
    title: 'a key without a value',
    yaml: gateWith('threshold:'),
    sentence: 'fusion-gate.yml: gates[0].threshold must be a number, but is empty.',
  },
  {
    title: 'a quoted number',
    yaml: gateWith('threshold: "0.01"'),
    sentence:
      'fusion-gate.yml: gates[0].threshold must be a number, but is the text "0.01". Write it without quotes.',
  },
  {
    title: 'words for a number',
    yaml: gateWith('threshold: little'),
    sentence: 'fusion-gate.yml: gates[0].threshold must be a number, but is the text "little".',
  },
  {
    title: 'NaN',
    yaml: gateWith('alpha: .nan'),
    sentence: 'fusion-gate.yml: gates[0].alpha must be a number, but is not a number.',
  },
  {
    title: 'infinity',
    yaml: gateWith('uniform-score: .inf'),
    sentence: 'fusion-gate.yml: gates[0].uniform-score must be mean or a number, but is the number Infinity.',
  },
  {
    title: 'a number as the name of a column',
    yaml: gateWith().replace('label: y', 'label: 1'),
    sentence:
      'fusion-gate.yml: gates[0].columns.label must be text or a list, but is the number 1. Put it in quotes: "1".',
  },
  {
    title: 'numbers as the names of classes',
    yaml: gateWith('output: { classes: [0, 1] }'),
    sentence:
      'fusion-gate.yml: gates[0].output.classes[0] must be text, but is the number 0. Put it in quotes: "0".\nfusion-gate.yml: gates[0].output.classes[1] must be text, but is the number 1. Put it in quotes: "1".',
  },
  {
    title: 'yes for true',
    yaml: gateWith('fail-on-inconclusive: yes'),
    sentence: 'fusion-gate.yml: gates[0].fail-on-inconclusive must be true or false, but is the text "yes".',
  },
  {
    title: 'a list of modalities',
    yaml: gateOf('modalities: [audio, video]'),
    sentence: 'fusion-gate.yml: gates[0].modalities must be a mapping of keys, but is a list.',
  },
  {
    title: 'a modality without keys',
    yaml: gateOf('modalities: { audio: }'),
    sentence: 'fusion-gate.yml: gates[0].modalities.audio must be a mapping of keys, but is empty.',
  },
  {
    title: 'a number for a tensor',
    yaml: gateOf('modalities: { audio: { reliability: 3 } }'),
    sentence:
      'fusion-gate.yml: gates[0].modalities.audio.reliability must be text or a mapping of keys, but is the number 3. Put it in quotes: "3".',
  },
  {
    title: 'a metric that is none',
    yaml: gateWith('metric: acuracy'),
    sentence: `fusion-gate.yml: gates[0].metric must be ${METRICS}, but is the text "acuracy". Did you mean "accuracy"?`,
  },
  {
    title: 'a further metric that is none',
    yaml: gateWith('metrics: [auroc, log_loss]'),
    sentence: `fusion-gate.yml: gates[0].metrics[1] must be ${METRICS}, but is the text "log_loss". Did you mean "log-loss"?`,
  },
  {
    title: 'a further metric that gates already',
    yaml: gateWith('metrics: [auroc, accuracy]'),
    sentence:
      'fusion-gate.yml: gates[0].metrics has "accuracy", which is the metric that gates and is reported anyway. Remove it from the list.',
  },
  {
    title: 'a further metric named twice',
    yaml: gateWith('metrics: [auroc, brier, auroc]'),
    sentence: 'fusion-gate.yml: gates[0].metrics has "auroc" twice. Name each metric once.',
  },
  {
    title: 'an engine that is none',
    yaml: gateWith('engine: onnx-runtime-web'),
    sentence:
      'fusion-gate.yml: gates[0].engine must be auto, onnxruntime-web, onnxruntime-node, tfjs or tfjs-node, but is the text "onnx-runtime-web". Did you mean "onnxruntime-web"?',
  },
  {
    title: 'a rule that is none',
    yaml: cachedWith('fusion: softmx'),
    sentence:
      'fusion-gate.yml: gates[0].fusion must be weighted-mean, softmax, hard, product-of-experts, logit-sum, linear-router, dempster or a mapping of keys, but is the text "softmx". Did you mean "softmax"?',
  },
  {
    title: 'a rule without its name',
    yaml: cachedWith('fusion: { temperature: 2 }'),
    sentence: 'fusion-gate.yml: gates[0].fusion.rule is missing. Needed here: the name of the rule.',
  },
  {
    title: 'an axis that is none',
    yaml: gateOf('modalities: { a: {} }', 'reliability: { tensor: r, order: [a], axis: 2 }'),
    sentence: 'fusion-gate.yml: gates[0].reliability.axis must be 0 or 1, but is the number 2.',
  },
  {
    title: 'a threshold of 0',
    yaml: gateWith('threshold: 0'),
    sentence: 'fusion-gate.yml: gates[0].threshold must be greater than 0, but is 0.',
  },
  {
    title: 'a threshold in percent',
    yaml: gateWith('threshold: 5'),
    sentence: 'fusion-gate.yml: gates[0].threshold is 5, and no gap by accuracy is larger than 1. Lower it.',
  },
  {
    title: 'half a shuffle',
    yaml: gateWith('permutations: { count: 99.5 }'),
    sentence: 'fusion-gate.yml: gates[0].permutations.count must be a whole number, but is the number 99.5.',
  },
  {
    title: 'too many shuffles',
    yaml: gateWith('permutations: { count: 1e12 }'),
    sentence: 'fusion-gate.yml: gates[0].permutations.count must be at most 1000000, but is 1000000000000.',
  },
  {
    title: 'an empty name of a tensor',
    yaml: gateWith('inputs: [""]'),
    sentence: 'fusion-gate.yml: gates[0].inputs[0] is empty. Give it a name, or leave the key out.',
  },
  {
    title: 'a modality without a name',
    yaml: gateOf('modalities: { "": { reliability: q } }'),
    sentence: 'fusion-gate.yml: gates[0].modalities has an entry without a name.',
  },
  {
    title: 'a name that is too long',
    yaml: `name: ${'x'.repeat(101)}\n${gateWith()}`,
    sentence: 'fusion-gate.yml: name must have at most 100 characters, but has 101.',
  },
  {
    title: 'a single quantile',
    yaml: gateWith('control: { quantiles: [0.1] }'),
    sentence: 'fusion-gate.yml: gates[0].control.quantiles must have at least 2 entries, but has 1.',
  },
  {
    title: 'two mistakes',
    yaml: gateWith('threshold: -5', 'alpha: 0'),
    sentence:
      'fusion-gate.yml: gates[0].threshold must be greater than 0, but is -5.\nfusion-gate.yml: gates[0].alpha must be greater than 0, but is 0.',
  },
  {
    title: 'a dozen mistakes',
    yaml: gateWith('inputs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]'),
    sentence: [
      ...Array.from(
        { length: 10 },
        (_, i) =>
          `fusion-gate.yml: gates[0].inputs[${i}] must be text or a mapping of keys, but is the number ${i + 1}. Put it in quotes: "${i + 1}".`,
      ),
      'And 2 more like these.',
    ].join('\n'),
  },
];

const CONTRADICTIONS: readonly BadConfig[] = [
  {
    title: 'a model and a rule',
    yaml: gateWith('fusion: hard').replaceAll('reliability: ', 'expert: e, reliability: '),
    sentence: 'fusion-gate.yml: gates[0] has both "model" and "fusion". Keep the one that is to be judged.',
  },
  {
    title: 'neither a model nor a rule',
    yaml: cachedWith(),
    sentence:
      'fusion-gate.yml: gates[0] has neither "model" nor "fusion". Give the file of a model, or a fusion rule over cached experts.',
  },
  ...(
    [
      ['engine', 'engine: tfjs'],
      ['batch-size', 'batch-size: 8'],
      ['inputs', 'inputs: [E]'],
      ['output.tensor', 'output: { tensor: logits }'],
    ] as const
  ).map(([key, line]) => ({
    title: `a rule with ${key}`,
    yaml: cachedWith('fusion: hard', line),
    sentence: `fusion-gate.yml: gates[0].${key} is for a model only, and this gate has a fusion rule. Remove it.`,
  })),
  {
    title: "a rule with a modality's inputs",
    yaml: cachedWith('fusion: hard').replace('expert: p_v', 'expert: p_v, inputs: [E_v]'),
    sentence:
      'fusion-gate.yml: gates[0].modalities.video.inputs is for a model only, and this gate has a fusion rule. Remove it.',
  },
  {
    title: 'training ids without ids',
    yaml: gateWith('train-ids: train.txt'),
    sentence:
      'fusion-gate.yml: gates[0].train-ids is compared with the ids of the evaluation set, and columns.id, the column that holds them, is missing.',
  },
  {
    title: 'a column of lines',
    yaml: gateWith('train-ids: { path: Train.TXT, column: id }').replace('label: y', 'label: y, id: id'),
    sentence:
      'fusion-gate.yml: gates[0].train-ids.column is for a file with columns, and "Train.TXT" has an id a line. Remove it.',
  },
  {
    title: 'training ids of nowhere',
    yaml: gateWith('train-ids: { column: id }'),
    sentence:
      'fusion-gate.yml: gates[0].train-ids.path is missing. Needed here: the file with the ids that the model was trained on.',
  },
  {
    title: 'leakage that is to be ignored',
    yaml: gateWith('leakage: ignore'),
    sentence: 'fusion-gate.yml: gates[0].leakage must be error or warn, but is the text "ignore".',
  },
  {
    title: 'no modality',
    yaml: gateOf('modalities: {}'),
    sentence: 'fusion-gate.yml: gates[0].modalities is empty. Name at least one modality.',
  },
  {
    title: 'a number as the name of a modality',
    yaml: gateOf('modalities: { b: { reliability: q }, 1: { reliability: r } }'),
    sentence:
      'fusion-gate.yml: gates[0].modalities.1 has a name that is a number. Begin it with a letter: "m1".',
  },
  {
    title: 'a modality without reliability',
    yaml: gateOf('modalities: { audio: { reliability: q }, video: {} }'),
    sentence:
      'fusion-gate.yml: gates[0].modalities.video.reliability is missing. Name the score of each modality, or one [N, M] tensor in the gate\'s own "reliability".',
  },
  {
    title: 'reliability said in both ways',
    yaml: gateWith('reliability: { tensor: r, order: [audio, video] }'),
    sentence:
      'fusion-gate.yml: gates[0].reliability holds the scores of all modalities, but audio and video have "reliability" too. Keep one of the two ways.',
  },
  {
    title: 'an order that leaves a modality out',
    yaml: gateOf('modalities: { audio: {}, video: {} }', 'reliability: { tensor: r, order: [audio, audio] }'),
    sentence:
      'fusion-gate.yml: gates[0].reliability.order must name each modality once (audio and video), but has audio and audio.',
  },
  {
    title: 'an order with a stranger',
    yaml: gateOf('modalities: { audio: {} }', 'reliability: { tensor: r, order: [audio, text] }'),
    sentence:
      'fusion-gate.yml: gates[0].reliability.order must name each modality once (audio), but has audio and text.',
  },
  {
    title: 'one tensor for two modalities',
    yaml: gateOf('modalities: { audio: { reliability: Q }, video: { reliability: Q } }'),
    sentence: 'fusion-gate.yml: gates[0] fills the tensor "Q" twice. Name each tensor of the model once.',
  },
  {
    title: 'a rule without an expert',
    yaml: cachedWith('fusion: hard').replace(', expert: p_v', ''),
    sentence:
      'fusion-gate.yml: gates[0].modalities.video.expert is missing. A fusion rule needs the cached expert of every modality.',
  },
  {
    title: 'a router without weights',
    yaml: cachedWith('fusion: linear-router'),
    sentence:
      'fusion-gate.yml: gates[0].fusion.weights is missing. linear-router needs a .npz with W [2M, M] and b [M].',
  },
  {
    title: 'weights without a router',
    yaml: cachedWith('fusion: { rule: hard, weights: w.npz }'),
    sentence:
      'fusion-gate.yml: gates[0].fusion.weights is for linear-router only, and the rule is hard. Remove it.',
  },
  {
    title: 'a temperature without softmax',
    yaml: cachedWith('fusion: { rule: hard, temperature: 1 }'),
    sentence:
      'fusion-gate.yml: gates[0].fusion.temperature is for softmax only, and the rule is hard. Remove it.',
  },
  {
    title: 'evidence without dempster',
    yaml: cachedWith('fusion: hard').replace('expert: p_v', 'expert: p_v, expert-kind: evidence'),
    sentence:
      'fusion-gate.yml: gates[0].modalities.video.expert-kind is "evidence", which only the fusion rule dempster reads. Give logits, probabilities or score.',
  },
  {
    title: 'a score without a decision threshold',
    yaml: gateWith('output: { kind: score }'),
    sentence:
      'fusion-gate.yml: gates[0].output.kind is "score", which needs a decision-threshold too: class 1 is at or above it.',
  },
  {
    title: 'a decision threshold that no probability has',
    yaml: gateWith('output: { kind: probabilities, decision-threshold: 50 }'),
    sentence:
      'fusion-gate.yml: gates[0].output.decision-threshold is the probability of class 1, so it must lie between 0 and 1, but is 50.',
  },
  {
    title: 'a decision threshold among three classes',
    yaml: gateWith('output: { decision-threshold: 0.5, classes: [a, b, c] }'),
    sentence:
      'fusion-gate.yml: gates[0].output.decision-threshold is for two classes only, but "classes" names 3. Remove it.',
  },
  {
    title: 'a metric of values, of classes',
    yaml: gateWith('metrics: [mae]'),
    sentence:
      'fusion-gate.yml: gates[0].metrics has "mae", which does not fit an output of kind "logits". Those that do: accuracy, balanced-accuracy, macro-f1, micro-f1, weighted-f1, auroc, average-precision, log-loss, brier, ece, top-2-accuracy, top-3-accuracy, top-5-accuracy.',
  },
  {
    title: 'a metric of classes, of a value',
    yaml: gateWith('output: { kind: value }', 'metric: accuracy'),
    sentence:
      'fusion-gate.yml: gates[0].metric has "accuracy", which does not fit an output of kind "value". Those that do: mae, rmse, r2, pearson, spearman, ccc, acc-2-with-zero, acc-2-without-zero, acc-7.',
  },
  {
    title: 'a value without a threshold',
    yaml: gateWith('output: { kind: value }'),
    sentence:
      "fusion-gate.yml: gates[0].threshold is missing, and mae has no default, because it is in the unit of the label. Say by how much mae has to grow when the scores are shuffled, e.g. a fiftieth of the label's standard deviation.",
  },
  {
    title: 'a correlation that must fall by more than there is',
    yaml: gateWith('output: { kind: value }', 'metric: pearson', 'control: { threshold: 3 }'),
    sentence:
      'fusion-gate.yml: gates[0].control.threshold is 3, and no gap by pearson is larger than 2. Lower it.',
  },
  {
    title: 'names of classes for a value',
    yaml: gateWith('output: { kind: value, classes: [low, high] }', 'threshold: 0.1'),
    sentence:
      'fusion-gate.yml: gates[0].output.classes is for classes, and this output is of kind "value". Remove it.',
  },
  {
    title: 'a rule of classes for values',
    yaml: cachedWith('fusion: dempster', 'output: { kind: value }', 'threshold: 0.1'),
    sentence:
      'fusion-gate.yml: gates[0].fusion is dempster, which combines classes, and this output is of kind "value". Use weighted-mean, softmax, hard or linear-router.',
  },
  {
    title: 'two classes of one name',
    yaml: gateWith('output: { classes: [a, a] }'),
    sentence: 'fusion-gate.yml: gates[0].output.classes names "a" twice. Each class needs a name of its own.',
  },
  {
    title: 'too few shuffles for alpha',
    yaml: gateWith('permutations: { count: 18 }'),
    sentence:
      'fusion-gate.yml: gates[0].permutations.count is 18, too few for any p-value at or below alpha 0.05. Use at least 19.',
  },
  {
    title: 'too few shuffles for the controls',
    yaml: gateWith('permutations: { secondary-count: 38 }'),
    sentence:
      'fusion-gate.yml: gates[0].permutations.secondary-count is 38, too few for any p-value at or below alpha 0.05 for 2 modalities. Use at least 39.',
  },
  {
    title: 'an alpha that cannot be reached',
    yaml: gateWith('alpha: 1e-9'),
    sentence: 'fusion-gate.yml: gates[0].alpha is 1e-9, which no 1000000 shuffles can reach. Raise it.',
  },
  {
    title: 'shuffles within blocks that no column names',
    yaml: gateWith('permutations: { within: block }'),
    sentence:
      'fusion-gate.yml: gates[0].permutations.within is "block", and no column says which block a row is of. Name it as columns.block.',
  },
  {
    title: 'weights of rows on which a modality may be absent',
    yaml: gateWith('rows: available')
      .replace('columns: { label: y }', 'columns: { label: y, weight: w }')
      .replace('reliability: Q_a', 'reliability: Q_a, presence: M_a'),
    sentence:
      'fusion-gate.yml: gates[0].columns.weight does not go with rows on which a modality is absent, whose experts are counted row by row. Remove it, or leave "rows" at complete.',
  },
  {
    title: 'weights of a contract folder',
    yaml: gateWith()
      .replace('columns: { label: y }', 'columns: { label: y, weight: w }')
      .replace(/evaluation-set: .*/, 'evaluation-set: { contract: study }'),
    sentence:
      "fusion-gate.yml: gates[0].columns.weight does not go with a folder in the layout of the paper's code, whose tables count every example alike. Remove it.",
  },
  {
    title: 'the label as weight',
    yaml: gateWith().replace('columns: { label: y }', 'columns: { label: y, weight: y }'),
    sentence:
      'fusion-gate.yml: gates[0].columns.weight is "y", the label. Name the column that says how much each example counts.',
  },
  {
    title: 'whole blocks that no column names',
    yaml: gateWith('permutations: { move: blocks }'),
    sentence:
      'fusion-gate.yml: gates[0].permutations.move is "blocks", and no column says which block a row is of. Name it as columns.block.',
  },
  {
    title: 'whole blocks that stay within something',
    yaml: gateWith('permutations: { move: blocks, within: predicted-class }').replace(
      'columns: { label: y }',
      'columns: { label: y, block: subject }',
    ),
    sentence:
      'fusion-gate.yml: gates[0].permutations.within is for scores of rows, and "move: blocks" moves those of whole blocks. Remove one of the two.',
  },
  {
    title: 'groups for a bank',
    yaml: gateWith(
      'permutations: { within: predicted-class, bank: { path: b.npz, scores: { audio: a, video: v } } }',
    ),
    sentence:
      'fusion-gate.yml: gates[0].permutations.within decides nothing, as the bank has shuffles of its own. Remove it.',
  },
  {
    title: 'rows alike in the label',
    yaml: gateWith('permutations: { within: { match: [snr, y] } }'),
    sentence:
      'fusion-gate.yml: gates[0].permutations.within.match has the label "y", and no shuffle may look at a label. Remove it.',
  },
  {
    title: 'rows alike in a score',
    yaml: gateWith('permutations: { within: { match: [Q_v] } }'),
    sentence:
      'fusion-gate.yml: gates[0].permutations.within.match has "Q_v", a score under test: among rows with the same score a shuffle changes nothing. Name what the score may depend on.',
  },
  {
    title: 'a match column named twice',
    yaml: gateWith('permutations: { within: { match: [snr, snr] } }'),
    sentence: 'fusion-gate.yml: gates[0].permutations.within.match has "snr" twice. Name each column once.',
  },
  {
    title: 'shuffles within something unknown',
    yaml: gateWith('permutations: { within: blocks }'),
    sentence:
      'fusion-gate.yml: gates[0].permutations.within must be all, block, predicted-class or a mapping of keys, but is the text "blocks". Did you mean "block"?',
  },
  {
    title: 'a misspelt key of a match',
    yaml: gateWith('permutations: { within: { match: [snr], neighbors: 5 } }'),
    sentence:
      'fusion-gate.yml: gates[0].permutations.within.neighbors is not a known key. Did you mean "neighbours"? Allowed: match, neighbours.',
  },
  {
    title: 'groups of one',
    yaml: gateWith('permutations: { within: { match: [snr], neighbours: 1 } }'),
    sentence: 'fusion-gate.yml: gates[0].permutations.within.neighbours must be at least 2, but is 1.',
  },
  {
    title: 'a bank that leaves a modality out',
    yaml: gateWith('permutations: { bank: { path: b.npz, scores: { audio: q } } }'),
    sentence:
      'fusion-gate.yml: gates[0].permutations.bank.scores must have a key for each modality (audio and video), but has audio.',
  },
  {
    title: 'quantiles the wrong way round',
    yaml: gateWith('control: { quantiles: [0.9, 0.1] }'),
    sentence:
      'fusion-gate.yml: gates[0].control.quantiles must be [low, high] with low below high, but is [0.9, 0.1].',
  },
  {
    title: 'two gates of one name',
    yaml: TWO_GATES.replace('name: stress-b', 'name: stress-a'),
    sentence:
      'fusion-gate.yml: gates[1].name is "stress-a", which an earlier gate has already. Give each gate a name of its own.',
  },
];

const FLAG_MISTAKES: readonly BadConfig[] = [
  {
    title: 'nothing at all',
    sentence:
      'There is nothing to judge: no fusion-gate.yml is here, and no model is named. Name a config file (--config), or the model and its data (--model, --evaluation-set, --label, --reliability).',
  },
  {
    title: 'words for a number',
    inputs: { ...FLAGS, threshold: 'abc' },
    sentence: '--threshold must be a number, but is "abc".',
  },
  {
    title: 'a number with a unit',
    inputs: { ...FLAGS, alpha: '5%' },
    sentence: '--alpha must be a number, but is "5%".',
  },
  {
    title: 'Infinity',
    inputs: { ...FLAGS, threshold: '1e999' },
    sentence: '--threshold must be a number, but is "1e999".',
  },
  {
    title: 'yes for true',
    inputs: { ...FLAGS, 'fail-on-inconclusive': 'yes' },
    sentence: '--fail-on-inconclusive must be true or false, but is "yes".',
  },
  {
    title: 'an empty value',
    inputs: { ...FLAGS, label: ' ' },
    sentence: '--label is empty. Give it a value, or leave it out.',
  },
  {
    title: 'a number that the schema refuses',
    inputs: { ...FLAGS, threshold: '2' },
    sentence: '--threshold is 2, and no gap by accuracy is larger than 1. Lower it.',
  },
  {
    title: 'a seed beyond the whole numbers that a float holds',
    inputs: { ...FLAGS, seed: '9007199254740993' },
    sentence: '--seed must be at most 9007199254740991, but is 9007199254740992.',
  },
  {
    title: 'a metric that is none',
    inputs: { ...FLAGS, metric: 'f1' },
    sentence: `--metric must be ${METRICS}, but is the text "f1".`,
  },
  {
    title: 'no scores',
    inputs: { model: 'm.onnx', 'evaluation-set': 'e.npz', label: 'y' },
    sentence: '--reliability is missing. Name the score of each modality, for example "Q_audio,Q_video".',
  },
  {
    title: 'no label and no data',
    inputs: { model: 'm.onnx', reliability: 'q' },
    sentence:
      '--evaluation-set is missing. Needed here: the file with the evaluation set: .npz, .csv, .jsonl or .parquet.\n--label is missing. Needed here: the column with the true class (or value) of each example.',
  },
  {
    title: 'two commas',
    inputs: { ...FLAGS, reliability: 'Q_a,,Q_v' },
    sentence: '--reliability has an empty entry in "Q_a,,Q_v". Separate the names by single commas.',
  },
  {
    title: 'half a binding',
    inputs: { ...FLAGS, reliability: 'Q_a=' },
    sentence:
      '--reliability has the entry "Q_a="; write a name, or tensor=column where the column is called otherwise.',
  },
  {
    title: 'one score twice',
    inputs: { ...FLAGS, reliability: 'Q,Q' },
    sentence: '--reliability names "Q" twice. Each modality needs a name of its own.',
  },
  {
    title: 'three scores for two modalities',
    inputs: { ...FLAGS, reliability: 'a,b,c', modalities: 'audio,video' },
    sentence:
      '--reliability has 3 names for 2 modalities (audio and video). Give one for each modality, or the one [N, M] tensor that holds the scores of all.',
  },
  {
    title: 'two experts for one modality',
    inputs: { ...FLAGS, reliability: 'Q', experts: 'a,b' },
    sentence:
      '--experts has 2 names for 1 modality (Q). Give one for each modality; --modalities names the modalities.',
  },
  {
    title: 'a modality called __proto__',
    inputs: { ...FLAGS, modalities: 'audio,__proto__' },
    sentence: '--modalities has the name "__proto__", which is not allowed. Choose another name.',
  },
  {
    title: 'a model and a rule',
    inputs: { ...FLAGS, fusion: 'hard', experts: 'p_a,p_v' },
    sentence: 'The command line has both "model" and "fusion". Keep the one that is to be judged.',
  },
  {
    title: 'a rule without experts',
    inputs: { ...FLAGS, model: undefined, fusion: 'hard' },
    sentence: '--experts is missing. A fusion rule needs the cached expert of every modality.',
  },
  {
    title: 'a router, whose weights have no flag',
    inputs: { ...FLAGS, model: undefined, fusion: 'linear-router', experts: 'p_a,p_v' },
    sentence:
      'fusion.weights (which takes a config file) is missing. linear-router needs a .npz with W [2M, M] and b [M].',
  },
  {
    title: 'a score without a decision threshold',
    inputs: { ...FLAGS, 'output-kind': 'score' },
    sentence: '--output-kind is "score", which needs a decision-threshold too: class 1 is at or above it.',
  },
  {
    title: 'too few shuffles',
    inputs: { ...FLAGS, permutations: '10' },
    sentence: '--permutations is 10, too few for any p-value at or below alpha 0.05. Use at least 19.',
  },
  {
    title: 'a flag that contradicts the file',
    yaml: gateWith('permutations: { count: 50 }'),
    inputs: { alpha: '0.01' },
    sentence:
      'fusion-gate.yml: gates[0].permutations.count is 50, too few for any p-value at or below alpha 0.01. Use at least 99.',
  },
  {
    title: 'a flag for one gate where there are two',
    yaml: TWO_GATES,
    inputs: { label: 'z' },
    sentence:
      '--label speaks of one gate, but fusion-gate.yml has 2 to run (stress-a and stress-b). Say it in the file, or select one gate with --gate.',
  },
  {
    title: 'a gate that the file has not',
    yaml: TWO_GATES,
    gates: ['sress-b'],
    sentence:
      '--gate is "sress-b", but fusion-gate.yml has no such gate. Did you mean "stress-b"? It has: stress-a and stress-b.',
  },
  {
    title: 'a gate without a file',
    inputs: FLAGS,
    gates: ['stress'],
    sentence: '--gate chooses among the gates of a config file, and none is read here. Leave it out.',
  },
];

const SERVED = { ...FLAGS, model: 'http://127.0.0.1:8080/v2/models/m' };

const COMMANDS: readonly BadConfig[] = [
  {
    title: 'a command in a file that nobody allowed',
    yaml: gateWith('command: python serve.py'),
    sentence:
      'fusion-gate.yml: gates[0].command would start a program of the choice of whoever can change this file, so it is not run. Give the command by --command; or, if you trust them, allow it by --allow-command.',
  },
  {
    title: 'a command for a model in a file',
    inputs: { ...FLAGS, command: 'python serve.py' },
    sentence:
      '--command starts a server on this machine, but the model "m.onnx" is a file. Name the model by the address that the server gives it: http://127.0.0.1:8080/v2/models/NAME.',
  },
  {
    title: 'a command for a model on another machine',
    inputs: { ...SERVED, model: 'http://gpu.example.com/v2/models/m', command: 'python serve.py' },
    sentence:
      '--command starts a server on this machine, but the model "http://gpu.example.com/v2/models/m" is elsewhere. Name the model by the address that the server gives it: http://127.0.0.1:8080/v2/models/NAME.',
  },
  {
    title: 'a command beside a rule',
    inputs: { ...FLAGS, model: undefined, fusion: 'hard', experts: 'p_a,p_v', command: 'python serve.py' },
    sentence: '--command is for a model only, and this gate has a fusion rule. Remove it.',
  },
  {
    title: 'a command for a shell',
    inputs: { ...SERVED, command: 'cd models && python serve.py' },
    sentence:
      '--command has a "&", which is for a shell, and none reads it. Give one program with its arguments, or put the rest into a script and start that; quotes make "&" a plain character.',
  },
  {
    title: 'a command of several lines',
    inputs: { ...SERVED, command: 'python train.py\npython serve.py' },
    sentence: '--command has several lines. Put them into a script, and give the one line that starts it.',
  },
  {
    title: 'a command that begins with a variable',
    inputs: { ...SERVED, command: 'PORT=8080 python serve.py' },
    sentence:
      '--command begins with "PORT=8080", which is for a shell, and none reads it. Set variables where the command is run from, such as "env:" of the workflow\'s step.',
  },
];

const FOLDS: readonly BadConfig[] = [
  {
    title: 'available rows where nothing is ever absent',
    yaml: gateWith('rows: available'),
    sentence:
      'fusion-gate.yml: gates[0].rows is "available", and no modality has a presence column, so that none is ever absent. Name the column that is 1 where a modality was observed as its "presence", or leave "rows" out.',
  },
  {
    title: 'available rows of label sets',
    yaml: gateWith('rows: available', 'output: { multi-label: true }').replace(
      'reliability: Q_a',
      'reliability: Q_a, presence: M_a',
    ),
    sentence:
      'fusion-gate.yml: gates[0].rows is "available", which is not done of several labels an example (multi-label: true). Evaluate complete rows.',
  },
  {
    title: 'a column for slices named twice',
    yaml: gateWith('slices: [site, language, site]'),
    sentence: 'fusion-gate.yml: gates[0].slices has "site" twice. Name each column once.',
  },
  {
    title: 'two ways to say what the folds are',
    yaml: gateWith('folds: [{ name: a }, { name: b, subset: test_b }]').replace(
      'columns: { label: y }',
      'columns: { label: y, fold: f }',
    ),
    sentence:
      'fusion-gate.yml: gates[0].folds and fusion-gate.yml: gates[0].columns.fold both say what the folds are. Keep one of the two.',
  },
  {
    title: 'two folds of one name',
    yaml: gateWith('folds: [{ name: a }, { name: a }]'),
    sentence:
      'fusion-gate.yml: gates[0].folds has two folds that are called "a". Give each a name of its own.',
  },
  {
    title: 'shuffles within a predicted class, of values',
    yaml: gateWith('output: { kind: value }', 'metric: ccc', 'permutations: { within: predicted-class }'),
    sentence:
      'fusion-gate.yml: gates[0].permutations.within is "predicted-class", and this output is of kind "value", which has no classes. Name columns to match on instead.',
  },
  {
    title: 'a fold that is several',
    yaml: gateWith('folds: [{ evaluation-set: { contract: data, seed: all } }]'),
    sentence:
      'fusion-gate.yml: gates[0].folds[0].evaluation-set has several seeds or folds, but is one fold itself. Name one seed and one fold.',
  },
];

/** Mistakes in the config alone: they are found before any file that it names is looked for. */
export const BAD_CONFIGS: readonly BadConfig[] = [
  ...YAML,
  ...SHAPE,
  ...CONTRADICTIONS,
  ...FLAG_MISTAKES,
  ...COMMANDS,
  ...FOLDS,
];
