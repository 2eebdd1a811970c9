import type { Changes, Files, Make } from './input-files.ts';
import {
  bytes,
  CACHED_GATE,
  CACHED_ROWS,
  copyOf,
  edited,
  emptyFolder,
  fixture,
  halfOf,
  LFS_POINTER,
  linkTo,
  MODEL_GATE,
  MODEL_ROWS,
} from './input-files.ts';

/** Something that a user may bring, and the exact words that it gets. */
export interface BadInput {
  readonly title: string;
  /** What lies in the folder of the repository; `../` leads out of it. */
  readonly files: Files;
  /** The command line. */
  readonly args: readonly string[];
  /** One sentence, or a line for each mistake. */
  readonly sentence: string;
}

type Case = Omit<BadInput, 'files' | 'args'> & Partial<BadInput>;

const CACHED: Files = { 'fusion-gate.yml': CACHED_GATE, 'eval.csv': CACHED_ROWS };
const MODEL: Files = {
  'fusion-gate.yml': MODEL_GATE,
  'eval.jsonl': MODEL_ROWS,
  'model.onnx': copyOf('model/single.onnx'),
};

/** What the cases are made of. Nothing is wrong with these. */
export const SOUND: Readonly<Record<string, Files>> = { 'cached experts': CACHED, 'a model': MODEL };

function spoil(sound: Files, cases: readonly Case[]): BadInput[] {
  return cases.map((bad) => ({ args: ['run'], ...bad, files: { ...sound, ...bad.files } }));
}

/** The config, or the rows, of a sound gate with some places changed. */
const cached = (changes: Changes): Files => ({ 'fusion-gate.yml': edited(CACHED_GATE, changes) });
const model = (changes: Changes): Files => ({ 'fusion-gate.yml': edited(MODEL_GATE, changes) });
const rows = (changes: Changes): Files => ({ 'eval.csv': edited(CACHED_ROWS, changes) });

/** Another evaluation set, or another model, in place of the sound one. */
const setAt = (path: string, content: string | Make, changes: Changes = {}): Files => ({
  ...cached({ 'eval.csv': path, ...changes }),
  [path]: content,
});
const modelAt = (path: string, files: Files): Files => ({ ...model({ 'model.onnx': path }), ...files });

const CONFIG = spoil(CACHED, [
  {
    title: 'a config that is no YAML',
    files: { 'fusion-gate.yml': 'gates: [\nname: x\n' },
    sentence:
      'fusion-gate.yml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ].',
  },
  {
    title: 'a config that would run code',
    files: cached({ 'weighted-mean': '!!js/function "function () {}"' }),
    sentence:
      'fusion-gate.yml:3:27: The tag !!js/function is not allowed. Write a plain value, without a tag.',
  },
  {
    title: 'a config saved as UTF-16',
    files: { 'fusion-gate.yml': bytes(Buffer.from(`\ufeff${CACHED_GATE}`, 'utf16le')) },
    sentence: 'fusion-gate.yml is not UTF-8 text. A config file is YAML, saved as UTF-8.',
  },
  {
    title: 'a config without gates',
    files: { 'fusion-gate.yml': 'name: stress\n' },
    sentence:
      'fusion-gate.yml: gates is missing. Needed here: a list with a gate for each model to judge; their names must differ.',
  },
  {
    title: 'a misspelt key',
    files: cached({ permutations: 'permutation' }),
    sentence:
      'fusion-gate.yml: gates[0].permutation is not a known key. Did you mean "permutations"? Allowed: name, model, head, command, server, fusion, engine, batch-size, evaluation-set, columns, rows, slices, train-ids, leakage, modalities, inputs, reliability, output, folds, metric, metrics, threshold, alpha, permutations, uniform-score, interval, control, fail-on-inconclusive, fail-on-regression, regression-threshold.',
  },
  {
    title: 'a number in quotes',
    files: cached({ 'count: 19': 'count: "19"' }),
    sentence:
      'fusion-gate.yml: gates[0].permutations.count must be a number, but is the text "19". Write it without quotes.',
  },
  {
    title: 'a rule that is none',
    files: cached({ 'weighted-mean': 'weighted-meen' }),
    sentence:
      'fusion-gate.yml: gates[0].fusion must be weighted-mean, softmax, hard, product-of-experts, logit-sum, linear-router, dempster or a mapping of keys, but is the text "weighted-meen". Did you mean "weighted-mean"?',
  },
  {
    title: 'a model and a rule',
    files: cached({ fusion: 'model: m.onnx\n    fusion' }),
    sentence: 'fusion-gate.yml: gates[0] has both "model" and "fusion". Keep the one that is to be judged.',
  },
  {
    title: 'two gates of one name',
    files: { 'fusion-gate.yml': CACHED_GATE + edited(CACHED_GATE, { 'gates:\n': '' }) },
    sentence:
      'fusion-gate.yml: gates[1].name is "stress", which an earlier gate has already. Give each gate a name of its own.',
  },
  {
    title: 'two gates, of which one is bad',
    files: {
      'fusion-gate.yml':
        CACHED_GATE + edited(CACHED_GATE, { 'gates:\n': '', stress: 'mood', 'label: y': 'label: z' }),
    },
    sentence:
      'Gate "mood": "eval.csv" has no column "z". It has: id [8] text, y [8] number, emotion [8] text, p_a [8] number, p_v [8] number, l_a [8] number, Q_a [8] number, Q_v [8] number, M_a [8] number, M_v [8] number and test [8] number.',
  },
  {
    title: 'several mistakes at once',
    files: cached({ 'count: 19, secondary-count: 39': 'count: 1e12, seed: -1, scheme: jiont' }),
    sentence: [
      'fusion-gate.yml: gates[0].permutations.count must be at most 1000000, but is 1000000000000.',
      'fusion-gate.yml: gates[0].permutations.scheme must be independent or joint, but is the text "jiont". Did you mean "joint"?',
      'fusion-gate.yml: gates[0].permutations.seed must be at least 0, but is -1.',
    ].join('\n'),
  },
  {
    title: 'too few shuffles for alpha',
    files: cached({ 'count: 19': 'count: 18' }),
    sentence:
      'fusion-gate.yml: gates[0].permutations.count is 18, too few for any p-value at or below alpha 0.05. Use at least 19.',
  },
  {
    title: 'a path out of the workspace',
    files: setAt('../outside.csv', CACHED_ROWS),
    sentence:
      'The evaluation set "../outside.csv" is outside the workspace. Only files below the workspace folder may be used; move it there.',
  },
  {
    title: 'a link out of the workspace',
    files: { 'eval.csv': linkTo('../outside.csv'), '../outside.csv': CACHED_ROWS },
    sentence:
      'The evaluation set "eval.csv" is outside the workspace. Only files below the workspace folder may be used; move it there.',
  },
  {
    title: 'a config behind a link out of the workspace',
    files: { 'fusion-gate.yml': linkTo('../outside.yml'), '../outside.yml': CACHED_GATE },
    sentence:
      'The config file "fusion-gate.yml" is outside the workspace. Only files below the workspace folder may be used; move it there.',
  },
]);

const FLAGS = spoil(CACHED, [
  {
    title: 'an unknown command',
    args: ['rnu'],
    sentence: 'There is no command rnu. Did you mean run? See fusion-gate --help and fusion-gate run --help.',
  },
  {
    title: 'an unknown flag',
    args: ['run', '--treshold', '0.1'],
    sentence:
      'There is no flag --treshold here. Did you mean --threshold? See fusion-gate --help and fusion-gate run --help.',
  },
  {
    title: 'an unknown flag that resembles none',
    args: ['run', '--gpu'],
    sentence: 'There is no flag --gpu here. See fusion-gate --help and fusion-gate run --help.',
  },
  {
    title: 'a flag without its value',
    args: ['run', '--label'],
    sentence:
      '--label has no value. Write --label <column>. See fusion-gate --help and fusion-gate run --help.',
  },
  {
    title: 'a flag with an empty value',
    args: ['run', '--label', ''],
    sentence: '--label is empty. Give it a value, or leave it out.',
  },
  {
    title: 'a path without its flag',
    args: ['run', 'fusion-gate.yml'],
    sentence:
      '"run" takes flags only: a path or a name needs its flag before it. See fusion-gate --help and fusion-gate run --help.',
  },
  {
    title: 'a percentage',
    args: ['run', '--threshold', '1%'],
    sentence: '--threshold must be a number, but is "1%".',
  },
  {
    title: 'a number that is too large',
    args: ['run', '--alpha', '2'],
    sentence: '--alpha must be at most 0.5, but is 2.',
  },
  {
    title: 'no threads',
    args: ['run', '--threads', '0'],
    sentence: '--threads must be a whole number from 1 to 256, but is "0".',
  },
  {
    title: 'a config file that is missing',
    args: ['run', '-c', 'fusion-gates.yml'],
    sentence: 'The config file "fusion-gates.yml" does not exist. Did you mean "fusion-gate.yml"?',
  },
  {
    title: 'a folder for a config file',
    args: ['run', '-c', '.'],
    sentence: 'The config file "." is a folder; a file is needed here.',
  },
  {
    title: 'a gate that the config does not have',
    args: ['run', '--gate', 'sress'],
    sentence:
      '--gate is "sress", but fusion-gate.yml has no such gate. Did you mean "stress"? It has: stress.',
  },
  {
    title: 'nothing to judge',
    files: { 'fusion-gate.yml': undefined },
    sentence:
      'There is nothing to judge: no fusion-gate.yml is here, and no model is named. Name a config file (--config), or the model and its data (--model, --evaluation-set, --label, --reliability).',
  },
  {
    title: 'fewer experts than scores',
    files: { 'fusion-gate.yml': undefined },
    args: [
      ...['run', '--fusion', 'hard', '--evaluation-set', 'eval.csv', '--label', 'y'],
      ...['--reliability', 'Q_a,Q_v', '--experts', 'p_a'],
    ],
    sentence:
      '--experts has 1 name for 2 modalities (Q_a and Q_v). Give one for each modality; --modalities names the modalities.',
  },
  {
    title: 'a report in a folder that is not there',
    args: ['run', '--markdown', 'out/r.md'],
    sentence: '--markdown is "out/r.md", but there is no folder "out". Make it first, or name another.',
  },
  {
    title: 'one file for two reports',
    args: ['run', '--markdown', './report.json'],
    sentence: '--report and --markdown are both "./report.json". Name a file for each.',
  },
  {
    title: 'a report in place of the evaluation set',
    args: ['run', '--markdown', 'eval.csv'],
    sentence: '--markdown is "eval.csv", which this run reads. Name another file to write.',
  },
]);

const SETS = spoil(CACHED, [
  {
    title: 'an evaluation set that is missing',
    files: cached({ 'eval.csv': 'evals.csv' }),
    sentence: 'The evaluation set "evals.csv" does not exist. Did you mean "eval.csv"?',
  },
  {
    title: 'an evaluation set of an unknown type',
    files: setAt('eval.tsv', CACHED_ROWS),
    sentence:
      'The evaluation set "eval.tsv" has the extension ".tsv"; .npz, .csv, .jsonl and .parquet are read. Did you mean ".csv"?',
  },
  {
    title: 'a folder for an evaluation set',
    files: setAt('rows.csv', emptyFolder),
    sentence: 'The evaluation set "rows.csv" is a folder; a file is needed here.',
  },
  {
    title: 'an evaluation set left in Git LFS',
    files: { 'eval.csv': LFS_POINTER },
    sentence:
      'The evaluation set "eval.csv" is a Git LFS pointer, not the file itself. Check out with "lfs: true" (actions/checkout) or run "git lfs pull".',
  },
  {
    title: 'an empty CSV',
    files: { 'eval.csv': '' },
    sentence: '"eval.csv" is empty; its first line must name the columns.',
  },
  {
    title: 'a CSV without a header',
    files: { 'eval.csv': '0,0.1,0.6\n1,0.8,0.3\n' },
    sentence: 'The first line of "eval.csv" holds only numbers; it must name the columns.',
  },
  {
    title: 'a CSV with a header alone',
    files: { 'eval.csv': 'y,p_a,p_v,Q_a,Q_v\n' },
    sentence: '"eval.csv" has no rows.',
  },
  {
    title: 'a CSV with a ragged line',
    files: rows({ 'c,0,calm,0.7': 'c,0,calm' }),
    sentence:
      '"eval.csv" is not valid CSV: line 4 has 10 fields, but the header names 11 columns; put a text with commas in quotes.',
  },
  {
    title: 'a CSV with two columns of one name',
    files: rows({ M_v: 'M_a' }),
    sentence: '"eval.csv" has two columns called "M_a"; names must differ.',
  },
  {
    title: 'a broken line of JSON',
    files: setAt('e.jsonl', '{"y": 0}\n{"y": 1\n'),
    sentence:
      'Line 2 of "e.jsonl" is not valid JSON. Every line is one row, written as {"column": value, ...}.',
  },
  {
    title: 'NaN in JSON, as Python writes it',
    files: setAt('e.jsonl', '{"y": NaN}\n'),
    sentence:
      'Line 1 of "e.jsonl" is not valid JSON. JSON has no NaN and no Infinity, although Python writes them: write null instead.',
  },
  {
    title: 'an empty file of JSON lines',
    files: setAt('e.jsonl', '\n'),
    sentence: '"e.jsonl" is empty; every line is one row, written as {"column": value, ...}.',
  },
  {
    title: 'vectors of two lengths',
    files: setAt(
      'e.jsonl',
      ['[0.1, 0.9]', '[0.2]']
        .map((p) => `{"y": 0, "Q_a": 1, "Q_v": 1, "p_a": ${p}, "p_v": [0, 1]}\n`)
        .join(''),
    ),
    sentence:
      'The column "p_a" of "e.jsonl" is ragged: the value in row 1 (counting from 0) does not have the shape [2] of the one in row 0 (counting from 0). Every row needs the same shape.',
  },
  {
    title: 'columns of two lengths',
    files: setAt('set.npz', copyOf('evaluation-set/set.npz'), { 'reliability: Q_v': 'reliability: short' }),
    sentence:
      'The columns of "set.npz" differ in their number of rows: y [6] int64, but short [5] float64. Every column that is used needs one row an example.',
  },
  {
    title: 'a pickled dict for labels',
    files: setAt('set.npz', copyOf('evaluation-set/set.npz'), { 'label: y': 'label: meta' }),
    sentence:
      'The column "meta" of "set.npz" is a pickle with the opcode EMPTY_DICT, which is not executed: object arrays are read only if they hold text and numbers. Save it with .astype(str) or as numbers.',
  },
  {
    title: 'a pickle that calls os.system',
    files: setAt('hostile.npz', copyOf('evaluation-set/hostile.npz'), { 'label: y': 'label: system' }),
    sentence:
      'The column "system" of "hostile.npz" is a pickle that asks for the Python name "os.system", which is never loaded: object arrays are read only if they hold text and numbers. Save it with .astype(str) or as numbers.',
  },
  {
    title: 'an array of a trillion numbers',
    files: setAt('hostile.npz', copyOf('evaluation-set/hostile.npz'), { 'label: y': 'label: huge' }),
    sentence:
      'The column "huge" of "hostile.npz" has the shape [1099511627776], which is 1099511627776 values; at most 2147483648 are read.',
  },
  {
    title: 'a zip bomb',
    files: setAt('bomb.npz', copyOf('evaluation-set/bomb.npz'), { 'label: y': 'label: Q' }),
    sentence: '"Q.npy" of "bomb.npz" is damaged: it does not unpack to the size that it declares.',
  },
  {
    title: 'half of a .npz',
    files: setAt('e.npz', halfOf('evaluation-set/set.npz')),
    sentence:
      '"e.npz" is not a complete .npz (zip) file. Save it again with np.savez or np.savez_compressed.',
  },
  {
    title: 'a .npz of which a bit flipped',
    files: setAt('e.npz', copyOf('evaluation-set/flipped.npz'), { 'label: y': 'label: Q' }),
    sentence: '"Q.npy" of "e.npz" is damaged: its checksum does not match.',
  },
  {
    title: 'half of a .parquet',
    files: setAt('e.parquet', halfOf('evaluation-set/none.parquet')),
    sentence:
      '"e.parquet" is not a complete Parquet file: it is damaged, cut off, or uses a feature that is not read (encryption, LZO).',
  },
  {
    title: 'a .parquet with damaged pages',
    files: setAt('e.parquet', copyOf('evaluation-set/overwritten.parquet'), { 'label: y': 'label: id' }),
    sentence:
      '"e.parquet" is not a complete Parquet file: it is damaged, cut off, or uses a feature that is not read (encryption, LZO).',
  },
]);

const ROWS = spoil(CACHED, [
  {
    title: 'a column that is missing',
    files: rows({ Q_v: 'q_video' }),
    sentence:
      '"eval.csv" has no column "Q_v". Did you mean "p_v"? It has: id [8] text, y [8] number, emotion [8] text, p_a [8] number, p_v [8] number, l_a [8] number, Q_a [8] number, q_video [8] number, M_a [8] number, M_v [8] number and test [8] number.',
  },
  {
    title: 'a misspelt label column',
    files: cached({ 'label: y': 'label: emotoin' }),
    sentence:
      '"eval.csv" has no column "emotoin". Did you mean "emotion"? It has: id [8] text, y [8] number, emotion [8] text, p_a [8] number, p_v [8] number, l_a [8] number, Q_a [8] number, Q_v [8] number, M_a [8] number, M_v [8] number and test [8] number.',
  },
  {
    title: 'text labels without classes',
    files: cached({ 'label: y': 'label: emotion' }),
    sentence:
      'The label column "emotion" holds text, e.g. "calm". List the class names under output.classes, in the order of the outputs.',
  },
  {
    title: 'a text label that is no class',
    files: {
      ...cached({
        'label: y': 'label: emotion',
        'kind: probabilities': 'kind: probabilities, classes: [calm, stress]',
      }),
      ...rows({ 'd,1,stress': 'd,1,strss' }),
    },
    sentence:
      'The label column "emotion" holds "strss" in row 3 (counting from 0), which is not one of output.classes: calm and stress. Did you mean "stress"?',
  },
  {
    title: 'a label beyond the classes',
    files: rows({ 'c,0,calm': 'c,2,calm' }),
    sentence:
      'The label column "y" holds 2 in row 2 (counting from 0); the output has 2 classes, so a label is a whole number from 0 to 1. If your classes count from 1, subtract 1.',
  },
  {
    title: 'a label that is missing',
    files: rows({ 'c,0,calm': 'c,,calm' }),
    sentence:
      'The label column "y" has no label (NaN) in row 2 (counting from 0). Label every evaluated row, or leave it out with columns.subset.',
  },
  {
    title: 'a value that is text',
    files: cached({ 'label: y': 'label: emotion', 'kind: probabilities': 'kind: value' }),
    args: ['run', '--threshold', '0.1'],
    sentence: 'The label column "emotion" holds text, "calm" in row 0 (counting from 0); numbers are needed.',
  },
  {
    title: 'half a label',
    files: rows({ 'c,0,calm': 'c,0.5,calm' }),
    sentence:
      'The label column "y" holds 0.5 in row 2 (counting from 0); the output has 2 classes, so a label is a whole number from 0 to 1. Where the output is itself a value, say output: {kind: value}.',
  },
  {
    title: 'no score where the modality is present',
    files: {
      ...cached({ 'reliability: Q_v': 'reliability: Q_v, presence: M_v' }),
      ...rows({ '0.2,0.9,1,1': '0.2,nan,1,1' }),
    },
    sentence:
      'The reliability column "Q_v" of "eval.csv" is NaN in row 2 (counting from 0), which is evaluated; mend the value, or mark the row absent in the modality\'s presence column.',
  },
  {
    title: 'a score that is infinite',
    files: rows({ '0.2,0.9,1,1': '0.2,inf,1,1' }),
    sentence:
      'The reliability column "Q_v" of "eval.csv" is Infinity in row 2 (counting from 0), which is evaluated; mend the value, or mark the row absent in the modality\'s presence column.',
  },
  {
    title: 'a score that is text',
    files: rows({ '0.2,0.9,1,1': '0.2,good,1,1' }),
    sentence:
      'The reliability column "Q_v" of "eval.csv" holds text, "good" in row 2 (counting from 0); numbers are needed.',
  },
  {
    title: 'an id that stands twice',
    files: { ...cached({ 'label: y': 'label: y, id: id' }), ...rows({ 'c,0,calm': 'b,0,calm' }) },
    sentence:
      'The id "b" stands twice in the column "id": in row 1 and in row 2 (counting from 0). Every evaluated row needs an id of its own.',
  },
  {
    title: 'presence that is neither 0 nor 1',
    files: {
      ...cached({ 'reliability: Q_v': 'reliability: Q_v, presence: M_v' }),
      ...rows({ '0.2,0.9,1,1': '0.2,0.9,1,0.5' }),
    },
    sentence:
      'The column "M_v" of "eval.csv", used as a mask, holds 0.5 in row 2 (counting from 0); it may hold only 0 and 1, or false and true.',
  },
  {
    title: 'modalities that are never present together',
    files: {
      ...cached({
        'reliability: Q_a': 'reliability: Q_a, presence: M_a',
        'reliability: Q_v': 'reliability: Q_v, presence: M_v',
      }),
      'eval.csv': CACHED_ROWS.replaceAll('1,1,0\n', '0,0,0\n'),
    },
    sentence:
      'No row of "eval.csv" is left to evaluate: of 8 rows, "M_a" keeps 1 and "M_v" keeps 1; only rows that all of them keep are evaluated.',
  },
  {
    title: 'a subset without rows',
    files: cached({ 'label: y': 'label: y, subset: test' }),
    sentence:
      'No row of "eval.csv" is left to evaluate: of 8 rows, "test" keeps 0; only rows that all of them keep are evaluated.',
  },
  {
    title: 'too few rows for alpha',
    files: { 'eval.csv': CACHED_ROWS.split('\n').slice(0, 3).join('\n') },
    sentence:
      'The reliability scores of the 2 evaluated rows of "eval.csv" can be arranged in only 4 ways, so that no p-value can reach alpha = 0.05; evaluate on more rows.',
  },
]);

const LAYERS = fixture('model/layers/model.json').toString();
const GRAPH = fixture('model/graph/model.json').toString();

const MODELS = spoil(MODEL, [
  {
    title: 'a model that is missing',
    files: model({ 'model.onnx': 'modle.onnx' }),
    sentence: 'The model "modle.onnx" does not exist. Did you mean "model.onnx"?',
  },
  {
    title: 'an absolute path out of the workspace',
    files: model({ 'model.onnx': JSON.stringify(process.execPath) }),
    sentence: `The model ${JSON.stringify(process.execPath)} is outside the workspace. Only files below the workspace folder may be used; move it there.`,
  },
  {
    title: 'a model left in Git LFS',
    files: { 'model.onnx': LFS_POINTER },
    sentence:
      'The model "model.onnx" is a Git LFS pointer, not the file itself. Check out with "lfs: true" (actions/checkout) or run "git lfs pull".',
  },
  {
    title: 'an .onnx of random bytes',
    files: { 'model.onnx': bytes(Buffer.from('c0ffee00deadbeef'.repeat(40), 'hex')) },
    sentence:
      'The model "model.onnx" is not an ONNX file, or it is damaged (a field of the unknown type 6). Export or copy it again.',
  },
  {
    title: 'an empty .onnx',
    files: { 'model.onnx': '' },
    sentence:
      'The model "model.onnx" cannot be opened as ONNX: No graph was found in the protobuf. Check it with onnx.checker.check_model, or export it again.',
  },
  {
    title: 'half of an .onnx',
    files: { 'model.onnx': halfOf('model/single.onnx') },
    sentence:
      'The model "model.onnx" is not an ONNX file, or it is damaged (a field runs past the end). Export or copy it again.',
  },
  {
    title: 'a PyTorch checkpoint',
    files: modelAt('model.pt', { 'model.pt': 'PK' }),
    sentence:
      'The model "model.pt" is a PyTorch checkpoint; export it to ONNX with torch.onnx.export(model, ..., dynamo=True).',
  },
  {
    title: 'a model of an unknown type',
    files: modelAt('model.bin', { 'model.bin': '' }),
    sentence:
      'The model "model.bin" is of a type that is not known. A model is an .onnx file, a TensorFlow.js model.json, a TensorFlow SavedModel folder or the address of a model on a server.',
  },
  {
    title: 'an engine for other models',
    files: model({ 'model.onnx': 'model.onnx\n    engine: tfjs' }),
    sentence:
      'engine: tfjs does not read "model.onnx", which is an ONNX model. Engines for it: auto, onnxruntime-web and onnxruntime-node.',
  },
  {
    title: 'a native engine that is not installed',
    files: model({ 'model.onnx': 'model.onnx\n    engine: onnxruntime-node' }),
    sentence:
      'engine: onnxruntime-node is asked for, but the package is not installed where fusion-gate runs. Install it there (npm i onnxruntime-node), or set engine: auto.',
  },
  {
    title: 'an input without a column',
    files: { ...model({ 'inputs: [E_v], ': '' }), 'eval.jsonl': MODEL_ROWS.replaceAll('E_v', 'E_w') },
    sentence:
      'Nothing fills the input "E_v" of the model "model.onnx": "eval.jsonl" has no column of that name. Did you mean "E_w"? Name one as {tensor: E_v, column: ...} under inputs. The model\'s inputs: E_a [N, 3] float32, E_v [N, 2] float32, Q_a [N] float32 and Q_v [N] float32. The columns: y [7] number, E_a [7, 3] number, E_w [7, 2] number, Q_a [7] number, Q_v [7] number, D_a [7, 2] number and Q [7, 2] number.',
  },
  {
    title: 'a score that is no input',
    files: model({ 'reliability: Q_a': 'reliability: { tensor: Qa, column: Q_a }' }),
    sentence:
      'modalities.audio.reliability fills "Qa" from the column "Q_a", but that is no input of the model "model.onnx". Did you mean "Q_a"? What the model computes itself needs no column: remove it, or name an input.',
  },
  {
    title: 'evidence of another width',
    files: model({ 'inputs: [E_v]': 'inputs: [{ tensor: E_v, column: E_a }]' }),
    sentence:
      'The column "E_a" has shape [7, 3], which does not fit the model\'s input E_v [N, 2] float32: each row must have shape [2].',
  },
  {
    title: 'several outputs',
    files: { 'model.onnx': copyOf('model/vectors.onnx') },
    sentence:
      'The model "model.onnx" has 3 outputs; say which one is the fused prediction (output: {tensor: ...}). Its outputs: fused [N, 3] float32, logits_a [N, 3] float32 and logits_v [N, 3] float32.',
  },
  {
    title: 'an output that is not there',
    files: model({ permutations: 'output: { tensor: fuse }\n    permutations' }),
    sentence:
      'The model "model.onnx" has no output "fuse", which output.tensor names. Did you mean "fused"? Its outputs: fused [N, 3] float32.',
  },
  {
    title: 'logits that are called probabilities',
    files: model({ permutations: 'output: { kind: probabilities }\n    permutations' }),
    sentence:
      'The output "fused" is said to hold probabilities, but evaluated row 0 has 1.1136589050292969; if these are logits, say kind: logits.',
  },
  {
    title: 'outputs that are NaN',
    files: {
      'model.onnx': copyOf('model/root.onnx'),
      'eval.jsonl': edited(MODEL_ROWS, { '"Q_a":0.': '"Q_a":-0.' }),
    },
    sentence:
      'The model "model.onnx" gives NaN in its output "fused" for row 0 (counting from 0) of "eval.jsonl" on the data as given; a prediction must be a finite number.',
  },
  {
    title: 'weights outside the folder of the model',
    files: modelAt('external/above.onnx', { external: copyOf('model/external'), 'weights.bin': '' }),
    sentence:
      'The model "external/above.onnx" keeps weights in "../weights.bin", outside its own folder. Save it again with its data file beside it (onnx.save_model(..., save_as_external_data=True, location="weights.bin")).',
  },
  {
    title: 'weights that are missing',
    files: modelAt('external/missing.onnx', { external: copyOf('model/external') }),
    sentence:
      'The model "external/missing.onnx" takes weights from the file "gone.bin", which is missing. Copy the model again with all its files.',
  },
  {
    title: 'a model.json that is no model',
    files: modelAt('model.json', { 'model.json': '{"format": "layers-model"}' }),
    sentence:
      'The model "model.json" is not a TensorFlow.js model.json: "modelTopology" is missing. Make one with tensorflowjs_converter or model.save().',
  },
  {
    title: 'a Lambda layer',
    files: modelAt('lambda/model.json', { lambda: copyOf('model/lambda') }),
    sentence:
      'The model "lambda/model.json" has a Lambda layer called "gate", whose code is not in the file, so TensorFlow.js cannot run it. Convert the model as a graph: tensorflowjs_converter --output_format=tfjs_graph_model.',
  },
  {
    title: 'layers that wait for one that never comes',
    files: modelAt('layers/model.json', {
      layers: copyOf('model/layers'),
      'layers/model.json': edited(LAYERS, { '"name": "logits_a"': '"name": "logits"' }),
    }),
    sentence:
      'The model "layers/model.json" has layers that cannot be connected, such as "part_a": there is no layer "logits_a". Convert or save it again.',
  },
  {
    title: 'a graph that names a node it does not have',
    files: modelAt('graph/model.json', {
      graph: copyOf('model/graph'),
      'graph/model.json': edited(GRAPH, { '"name": "expert_a"': '"name": "expert"' }),
    }),
    sentence:
      'The model "graph/model.json" cannot be opened by TensorFlow.js: its graph is damaged, or holds what the engine does not know. Convert or save it again.',
  },
  {
    title: 'a missing shard of weights',
    files: modelAt('layers/model.json', { 'layers/model.json': LAYERS }),
    sentence:
      'The model "layers/model.json" takes weights from the file "group1-shard1of2.bin", which is missing. Copy the model again with all its files.',
  },
  {
    title: 'half a shard of weights',
    files: modelAt('graph/model.json', {
      graph: copyOf('model/graph'),
      'graph/group1-shard1of1.bin': halfOf('model/graph/group1-shard1of1.bin'),
    }),
    sentence:
      'The weight files of the model "graph/model.json" have 38 bytes, but its model.json describes 76. Copy them again together with their model.json.',
  },
  {
    title: 'a SavedModel without tfjs-node',
    files: modelAt('saved', { 'saved/saved_model.pb': '' }),
    sentence:
      'The model "saved" is a TensorFlow SavedModel, which only tfjs-node reads. Install it (npm i @tensorflow/tfjs-node), or convert the model: tensorflowjs_converter --input_format=tf_saved_model --output_format=tfjs_graph_model.',
  },
  {
    title: 'a folder that is no SavedModel',
    files: modelAt('graph', { graph: emptyFolder }),
    sentence: 'The model "graph" is a folder without a saved_model.pb, so it is no TensorFlow SavedModel.',
  },
]);

const trained = (path: string, content: string | Make | undefined, ids = 'id'): Files => ({
  ...cached({ 'label: y }': `label: y, id: ${ids} }\n    train-ids: ${path}` }),
  [path]: content,
});

const TRAINED = spoil(CACHED, [
  {
    title: 'examples that were trained on',
    files: trained('train.txt', 'z\nb\nd\n'),
    sentence:
      '2 of 8 evaluated examples are among the training ids of "train.txt" (id "b" and "d"); what a model does on examples that it was trained on proves nothing. Leave them out with columns.subset, or say "leakage: warn".',
  },
  {
    title: 'training ids that are not there',
    files: trained('trian.txt', undefined),
    sentence:
      'The list of training ids "trian.txt" does not exist. Paths are relative to the config file, or to the working directory.',
  },
  {
    title: 'training ids out of the workspace',
    files: trained('../train.txt', 'z\n'),
    sentence:
      'The list of training ids "../train.txt" is outside the workspace. Only files below the workspace folder may be used; move it there.',
  },
  {
    title: 'training ids of an unknown kind',
    files: trained('train.xlsx', 'z\n'),
    sentence:
      'The list of training ids "train.xlsx" has the extension ".xlsx"; .npz, .csv, .jsonl, .parquet and .txt are read.',
  },
  {
    title: 'no training ids',
    files: trained('train.txt', '\n'),
    sentence: 'The list of training ids "train.txt" is empty; name at least one id.',
  },
  {
    title: 'training ids of another kind',
    files: trained('train.csv', 'id\n1\n2\n'),
    sentence:
      'The column id [2] number of the list of training ids "train.csv" holds numbers, and the id column id [8] text of the evaluation set holds text; no two could ever be equal. Give the same kind of id in both, such as text, one a line in a .txt.',
  },
  {
    title: 'training ids, and none to compare them with',
    args: ['run', '--train-ids', 'eval.csv'],
    sentence:
      '--train-ids is compared with the ids of the evaluation set, and columns.id, the column that holds them, is missing.',
  },
]);

const ROUTER = { 'weighted-mean': '{ rule: linear-router, weights: w.npz }' };

const EXPERTS = spoil(CACHED, [
  {
    title: 'an expert that is not named',
    files: cached({ 'expert: p_v, ': '' }),
    sentence:
      'fusion-gate.yml: gates[0].modalities.video.expert is missing. A fusion rule needs the cached expert of every modality.',
  },
  {
    title: 'an expert that is no column',
    files: cached({ 'expert: p_v': 'expert: pv' }),
    sentence:
      '"eval.csv" has no column "pv". Did you mean "p_v"? It has: id [8] text, y [8] number, emotion [8] text, p_a [8] number, p_v [8] number, l_a [8] number, Q_a [8] number, Q_v [8] number, M_a [8] number, M_v [8] number and test [8] number.',
  },
  {
    title: 'experts of two widths',
    files: setAt('e.jsonl', '{"y": 0, "Q_a": 1, "Q_v": 1, "p_a": [0.1, 0.9], "p_v": 0.1}\n'.repeat(8)),
    sentence:
      'The expert "p_v" of video has 1 column and "p_a" of audio has 2; all experts must have the same classes.',
  },
  {
    title: 'a score that the rule cannot take',
    files: rows({ '0.2,0.9,1,1': '0.2,-0.9,1,1' }),
    sentence:
      'The reliability of "video" is -0.9 in row 2 (counting from 0); fusion rule weighted-mean needs scores that are at least 0.',
  },
  {
    title: 'probabilities for logits',
    files: cached({ 'kind: probabilities': 'kind: logits' }),
    sentence:
      'The expert column "p_a" is taken for logits, but every row looks like probabilities (in [0, 1]); say expert-kind: probabilities (for all of them, output-kind: probabilities), or expert-kind: logits if they really are.',
  },
  {
    title: 'logits for probabilities',
    files: cached({ 'expert: p_a': 'expert: l_a' }),
    sentence:
      'The expert column "l_a" is said to hold probabilities, but evaluated row 0 has -2.2; if these are logits, say expert-kind: logits.',
  },
  {
    title: 'router weights of another shape',
    files: {
      ...cached({
        ...ROUTER,
        '    output': '      text: { expert: p_v, reliability: Q_v }\n    output',
        'secondary-count: 39': 'secondary-count: 59',
      }),
      'w.npz': copyOf('diagnostic/bank.npz'),
    },
    sentence:
      'The array "W" of "w.npz" is float64 with shape [4, 2]; a linear router over 3 modalities needs numbers with shape [6, 3].',
  },
  {
    title: 'router weights without W',
    files: { ...cached(ROUTER), 'w.npz': copyOf('evaluation-set/flipped.npz') },
    sentence: '"w.npz" has no array "W". It has: Q [] unreadable and y [64] int64.',
  },
  {
    title: 'stored outputs that are text',
    files: cached({ 'kind: probabilities': 'kind: probabilities, column: emotion' }),
    sentence:
      'The output column "emotion" of "eval.csv" holds text, "calm" in row 0 (counting from 0); numbers are needed.',
  },
]);

const bankOf = (keys: string, changes: Changes = {}): Files =>
  cached({ 'count: 19': `bank: { path: bank.npz, ${keys} }`, ...changes });
const BOTH = 'scores: { audio: audio, video: video }';

const BANKS = spoil(
  { 'bank.npz': copyOf('diagnostic/bank.npz'), 'eval.csv': CACHED_ROWS.split('\n').slice(0, 5).join('\n') },
  [
    {
      title: 'a bank that is missing',
      files: { ...bankOf(BOTH), 'bank.npz': undefined },
      sentence:
        'The score bank "bank.npz" does not exist. Paths are relative to the config file, or to the working directory.',
    },
    {
      title: 'a bank without an array',
      files: bankOf('scores: { audio: audoi, video: video }'),
      sentence:
        '"bank.npz" has no array "audoi". Did you mean "audio"? It has: ids [4] <U1, numbers [4] int64, repeated [4] <U1, audio [4, 3] float64, video [4, 3] float64, fewer_draws [4, 2] float64, no_draws [4, 0] float64, flat [4] float64, text [4, 1] <U1, holes [4, 3] float64, W [4, 2] float64 and b [2] float64.',
    },
    {
      title: 'a bank that leaves a modality out',
      files: bankOf('scores: { audio: audio }'),
      sentence:
        'fusion-gate.yml: gates[0].permutations.bank.scores must have a key for each modality (audio and video), but has audio.',
    },
    {
      title: 'a bank of too few draws',
      files: bankOf(BOTH),
      sentence:
        'The score bank "bank.npz" has 3 draws, so that no p-value can reach alpha = 0.05; at least 19 are needed.',
    },
    {
      title: 'a bank of too few rows',
      files: { ...bankOf(BOTH), 'eval.csv': CACHED_ROWS },
      sentence:
        'The score bank "bank.npz" has 4 rows and the evaluation set "eval.csv" evaluates row 7; give both the same rows, or name the bank\'s id array.',
    },
    {
      title: 'a bank without an id of the set',
      files: {
        ...bankOf(`id: ids, ${BOTH}`, { 'label: y': 'label: y, id: id' }),
        ...rows({ 'c,0,calm': 'z,0,calm' }),
      },
      sentence:
        'The score bank "bank.npz" has no row with id "z", which the evaluation set "eval.csv" evaluates.',
    },
    {
      title: 'a bank with ids for a set without',
      files: bankOf(`id: ids, ${BOTH}`),
      sentence:
        'The score bank "bank.npz" is matched by its array "ids", but the evaluation set has no id column; name one as columns.id.',
    },
  ],
);

const BARE: Files = { 'eval.jsonl': MODEL_ROWS, 'model.onnx': copyOf('model/single.onnx') };
/** Rows for models that take audio [N, 6] and video [N, 5]. */
const TWO_INPUTS = [0, 1]
  .map((y) => JSON.stringify({ y, audio: [y, 1, 2, 3, 4, 5], video: [y, 1, 2, 3, 4] }))
  .join('\n');

/** The commands that look into a model, and write. */
const LOOKS = spoil(BARE, [
  {
    title: 'a model to inspect that is missing',
    args: ['inspect', 'modle.onnx'],
    sentence: 'The model "modle.onnx" does not exist. Did you mean "model.onnx"?',
  },
  {
    title: 'no model to inspect',
    args: ['inspect'],
    sentence:
      'Which model? Give its path behind the command. See fusion-gate --help and fusion-gate run --help.',
  },
  {
    title: 'two models to inspect',
    args: ['inspect', 'model.onnx', 'other.onnx'],
    sentence:
      '"inspect" takes one model: everything else needs its flag before it. See fusion-gate --help and fusion-gate run --help.',
  },
  {
    title: 'an output to inspect that the model does not have',
    args: ['inspect', 'model.onnx', '--output', 'fussed'],
    sentence:
      'The model "model.onnx" has no output "fussed", which --output names. Did you mean "fused"? Its outputs: fused.',
  },
  {
    title: 'a config to write without an evaluation set',
    args: ['init', 'model.onnx'],
    sentence:
      'Which examples is the model to be judged on? Name them with --evaluation-set (.npz, .csv, .jsonl or .parquet).',
  },
  {
    title: 'a config to write where one is',
    files: { 'fusion-gate.yml': MODEL_GATE },
    args: ['init', 'model.onnx', '--evaluation-set', 'eval.jsonl'],
    sentence:
      '"fusion-gate.yml" is there already. Write another file with --config, or replace it with --force.',
  },
  {
    title: 'a config to write with a label that is no column',
    args: ['init', 'model.onnx', '--evaluation-set', 'eval.jsonl', '--label', 'Y'],
    sentence:
      '"eval.jsonl" has no column "Y". Did you mean "y"? It has: y [7] number, E_a [7, 3] number, E_v [7, 2] number, Q_a [7] number, Q_v [7] number, D_a [7, 2] number and Q [7, 2] number.',
  },
  {
    title: 'a model to write a config for that has no scores',
    files: { 'plain.onnx': copyOf('inspection/concatenated.onnx'), 'rows.jsonl': TWO_INPUTS },
    args: ['init', 'plain.onnx', '--evaluation-set', 'rows.jsonl'],
    sentence:
      'No candidate for reliability was found in "plain.onnx": nothing with one number per example, or one for each modality (found: audio and video), weights anything on the way to "fused". If you know the tensor, name it under reliability in a fusion-gate.yml of your own.',
  },
  {
    title: 'a split without a tensor',
    args: ['split', 'model.onnx'],
    sentence:
      'Where is the model to be cut? Name the tensors of its scores with --at; fusion-gate inspect shows candidates.',
  },
  {
    title: 'a split at the fused output',
    args: ['split', 'model.onnx', '--at', 'fused'],
    sentence:
      'The model "model.onnx" cannot be cut at the reliability "fused": it is the fused output itself. The nearest tensors that work: part_a, part_v and logits_a.',
  },
  {
    title: 'a split over a file',
    files: { 'model.suffix.onnx': 'mine' },
    args: ['split', 'model.onnx', '--at', 'q_a', '--at', 'q_v'],
    sentence:
      '"model.suffix.onnx" is there already. Write another file with --suffix, or replace it with --force.',
  },
  {
    title: 'a split over the model',
    args: ['split', 'model.onnx', '--at', 'q_a', '--at', 'q_v', '--prefix', 'model.onnx', '--force'],
    sentence: '--prefix is the model itself. Name another file.',
  },
  {
    title: 'a split into one file',
    args: ['split', 'model.onnx', '--at', 'q_a', '--prefix', 'a.onnx', '--suffix', 'a.onnx'],
    sentence: '--prefix and --suffix are both "a.onnx". Name a file for each.',
  },
  {
    title: 'a split of a model of another kind',
    files: { graph: copyOf('model/graph') },
    args: ['split', 'graph/model.json', '--at', 'q_a'],
    sentence: 'The model "graph/model.json" cannot be split: only ONNX models up to 2 GiB can.',
  },
]);

const CONTRACT_FOLDS =
  'It has: seed 11 fold 0, seed 11 fold 1, seed 11 fold 2, seed 22 fold 0, seed 22 fold 1 and seed 22 fold 2.';
const contractOf = (set: string): Files =>
  cached({ 'evaluation-set: eval.csv': `evaluation-set: { contract: ${set} }` });

const CONTRACTS = spoil({ ...CACHED, data: copyOf('contract') }, [
  {
    title: 'a contract folder that is missing',
    files: contractOf('dta, seed: 11, fold: 0'),
    sentence: 'The contract folder "dta" does not exist. Did you mean "data"?',
  },
  {
    title: 'a contract folder out of the workspace',
    files: contractOf('.., seed: 11, fold: 0'),
    sentence:
      'The contract folder ".." is outside the workspace. Only files below the workspace folder may be used; move it there.',
  },
  {
    title: 'a contract folder that is a file',
    files: contractOf('eval.csv, seed: 11, fold: 0'),
    sentence: 'The contract folder "eval.csv" is a file; a folder is needed here.',
  },
  {
    title: 'a fold that is missing',
    files: contractOf('data, seed: 33'),
    sentence: `The contract folder "data" has no seed 33. ${CONTRACT_FOLDS}`,
  },
  {
    title: 'a fold that is not named',
    files: contractOf('data'),
    sentence: `The contract folder "data" has 6 folds that fit, and a gate is about one. Name it with seed and fold. ${CONTRACT_FOLDS}`,
  },
  {
    title: 'a study that is none',
    args: ['contract', 'data', '--study', 'lat', '--config', 'late.yml'],
    sentence: '--study is "lat"; late, moe and corruption are there. Did you mean "late"?',
  },
  {
    title: 'a config file that a contract would replace',
    args: ['contract', 'data'],
    sentence:
      '"fusion-gate.yml" is there already. Write another file with --config, or replace it with --force.',
  },
  {
    title: 'a bank that shuffles would replace',
    args: ['shuffle', '--bank', 'eval.csv'],
    sentence: '"eval.csv" is there already. Write another file with --bank, or replace it with --force.',
  },
  {
    title: 'a form of the report that is none',
    args: ['run', '--format', 'latx'],
    sentence: '--format is "latx"; text, json, markdown and latex are there. Did you mean "latex"?',
  },
  {
    title: 'a page in place of the report',
    args: ['run', '--report', 'r.json', '--html', 'r.json'],
    sentence: '--report and --html are both "r.json". Name a file for each.',
  },
  {
    title: 'a page in place of the data',
    args: ['run', '--html', 'eval.csv'],
    sentence: '--html is "eval.csv", which this run reads. Name another file to write.',
  },
]);

const SHARDS = spoil(CACHED, [
  {
    title: 'a shard beyond the last',
    args: ['run', '--shard', '3/2'],
    sentence:
      '--shard must be a part and the number of parts, such as 2/8, with at most 256 parts, but is "3/2".',
  },
  {
    title: 'a shard that is to be shown',
    args: ['run', '--shard', '1/2', '--markdown', 'm.md'],
    sentence:
      '--markdown shows a report, and a shard has none yet. Leave it out here, and give it to "fusion-gate merge".',
  },
  {
    title: 'a shard that is to be a page',
    args: ['run', '--shard', '1/2', '--html', 'r.html'],
    sentence:
      '--html shows a report, and a shard has none yet. Leave it out here, and give it to "fusion-gate merge".',
  },
  {
    title: 'no shards to merge',
    args: ['merge', 'shard-*.json'],
    sentence: 'No file fits "shard-*.json". Paths are relative to the working directory.',
  },
  {
    title: 'shards from outside',
    args: ['merge', '../*.json'],
    sentence:
      'The folder of the shards ".." is outside the workspace. Only files below the workspace folder may be used; move it there.',
  },
  {
    title: 'a shard that is no JSON',
    args: ['merge', 'eval.csv'],
    sentence: '"eval.csv" is not JSON. Merge the files that "--shard" (in a workflow "with: shard") wrote.',
  },
  {
    title: 'a report in place of a shard',
    files: { 'report.json': '{"version": 1, "conclusion": "success", "gates": []}' },
    args: ['merge', 'report.json'],
    sentence:
      '"report.json" is the report of a whole run; only what "--shard" (in a workflow "with: shard") wrote can be merged.',
  },
]);

export const BAD_INPUTS: readonly BadInput[] = [
  ...LOOKS,
  ...CONFIG,
  ...FLAGS,
  ...SETS,
  ...ROWS,
  ...TRAINED,
  ...MODELS,
  ...EXPERTS,
  ...BANKS,
  ...CONTRACTS,
  ...SHARDS,
];
