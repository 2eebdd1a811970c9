import { enumerate } from '../foundation/errors.ts';
import { downloadUrlProblem, unpinnedProblem } from './download-url.ts';
import { downloadsOf, fileName, pathsOf } from './downloads.ts';
import { fusionOf } from './gate-from-file.ts';
import { foldFiles, isSeveralFolds } from './folds.ts';
import { isInUnitOfLabel, largestGap, metricOf, metricsFor } from './metric-keys.ts';
import { placesOfFolds, type Check, type CheckedGate } from './checked-gate.ts';
import { LABEL_CHECKS, labelColumns, thresholdsOf } from './label-checks.ts';
import type { Mapping, Path } from './place.ts';
import { isMapping, valueAt } from './place.ts';
import type { GateFile, MetricName, RuleName } from './schema.ts';
import { MAX_COUNT } from './schema.ts';
import { commandProblem } from './server-command.ts';
import { isServer, namesServer, SERVER_KEYS, serverUrlProblem } from './server-url.ts';
import { fewestShuffles } from './shuffle-counts.ts';

/** The rules that weight whatever the experts say. */
const VALUE_RULES: readonly RuleName[] = ['weighted-mean', 'softmax', 'hard', 'linear-router'];

/** What keys must be to one another. Each check has one sentence; the order is that of the sentences. */
const CHECKS: Readonly<Record<string, Check>> = {
  oneCandidate: ({ file: { model, fusion }, at }) => {
    if (model !== undefined && fusion !== undefined) {
      return `${at()} has both "model" and "fusion". Keep the one that is to be judged.`;
    }
    if (model === undefined && fusion === undefined) {
      return `${at()} has neither "model" nor "fusion". Give the file of a model, or a fusion rule over cached experts.`;
    }
    return undefined;
  },
  modelKeysNeedModel: ({ file, given, at }) => {
    if (file.fusion === undefined || file.model !== undefined) return undefined;
    const path = modelOnlyKeys(file).find((key) => isGiven(given, key));
    return path && `${at(...path)} is for a model only, and this gate has a fusion rule. Remove it.`;
  },
  unpinnedDownloads: ({ file, at }) => {
    const [path, problem] =
      pathsOf(file)
        .map(({ path, text }) => [path, unpinnedProblem(text, mayBeServer(path))] as const)
        .find(([, it]) => it) ?? [];
    return path && `${at(...path)} ${problem}`;
  },
  downloadAddresses: ({ file, at }) => {
    const [path, problem] =
      downloadsOf(file)
        .map(({ path, url }) => [path, downloadUrlProblem(url)] as const)
        .find(([, it]) => it) ?? [];
    return path && `${at(...path, 'url')} ${problem}`;
  },
  downloadHashes: ({ file, at }) => {
    const wrong = downloadsOf(file).find(({ sha256 }) => !/^[0-9a-f]{64}$/.test(sha256));
    if (wrong === undefined) return undefined;
    return `${at(...wrong.path, 'sha256')} is no SHA-256, which has 64 hexadecimal digits. Run sha256sum on the copy that you have checked.`;
  },
  downloadNames: ({ file, at }) => {
    const all = downloadsOf(file);
    const second = all.find(({ name, url, sha256 }, i) =>
      all.slice(0, i).some((it) => it.name === name && (it.url !== url || it.sha256 !== sha256)),
    );
    return (
      second &&
      `${at(...second.path)} is called "${second.name}", as is another download of the gate that differs. Give each a path of its own.`
    );
  },
  serverAddresses: ({ file, at }) => {
    const [key, problem] =
      SERVER_KEYS.map((key) => [key, addressProblem(file[key])] as const).find(([, it]) => it) ?? [];
    return key && `${at(key)} ${problem}`;
  },
  serverKeysNeedServer: ({ file, given, at }) => {
    if (file.model === undefined || namesServer(file) || !isGiven(given, ['server'])) return undefined;
    return `${at('server')} is for a model on a server, and "${fileName(file.model)}" is a file. Remove it.`;
  },
  commandStartsServer: ({ file, at }) => {
    if (file.command === undefined || file.model === undefined) return undefined;
    const hasAddress = SERVER_KEYS.every((key) => addressProblem(file[key]) === undefined);
    const problem = hasAddress ? commandProblem(file.command, file) : undefined;
    return problem && `${at('command')} ${problem}`;
  },
  trainIdsNeedIds: ({ file, at }) => {
    if (file['train-ids'] === undefined || file.columns.id !== undefined) return undefined;
    return `${at('train-ids')} is compared with the ids of the evaluation set, and columns.id, the column that holds them, is missing.`;
  },
  trainIdLines: ({ file: { 'train-ids': ids }, at }) => {
    if (typeof ids !== 'object' || ids.column === undefined || !/\.txt$/i.test(ids.path)) return undefined;
    return `${at('train-ids', 'column')} is for a file with columns, and "${ids.path}" has an id a line. Remove it.`;
  },
  someModality: ({ file, at }) =>
    modalityNames(file).length === 0
      ? `${at('modalities')} is empty. Name at least one modality.`
      : undefined,
  modalityNamesKeepOrder: ({ file, at }) => {
    // JavaScript would move such a name before all others, and a router's weights go by the order.
    const index = modalityNames(file).find((name) => /^\d+$/.test(name));
    return (
      index && `${at('modalities', index)} has a name that is a number. Begin it with a letter: "m${index}".`
    );
  },
  oneReliabilityEach: ({ file, at }) => {
    const [own, without] = partition(
      modalityNames(file),
      (name) => file.modalities[name].reliability !== undefined,
    );
    if (file.reliability !== undefined && own.length > 0) {
      return `${at('reliability')} holds the scores of all modalities, but ${enumerate(own)} ${own.length === 1 ? 'has a' : 'have'} "reliability" too. Keep one of the two ways.`;
    }
    if (file.reliability === undefined && without.length > 0) {
      return `${at('modalities', without[0], 'reliability')} is missing. Name the score of each modality, or one [N, M] tensor in the gate's own "reliability".`;
    }
    return undefined;
  },
  matrixOrder: ({ file, at }) => {
    const order = file.reliability?.order;
    if (order === undefined || sameNames(order, modalityNames(file))) return undefined;
    return `${at('reliability', 'order')} must name each modality once (${enumerate(modalityNames(file))}), but has ${enumerate(order)}.`;
  },
  tensorsOnce: ({ file, at }) => {
    if (file.model === undefined) return undefined;
    const repeated = firstRepeated(boundTensors(file));
    return repeated && `${at()} fills the tensor "${repeated}" twice. Name each tensor of the model once.`;
  },
  expertsForFusion: ({ file, at }) => {
    const without = modalityNames(file).find((name) => file.modalities[name].expert === undefined);
    if (file.fusion === undefined || without === undefined) return undefined;
    return `${at('modalities', without, 'expert')} is missing. A fusion rule needs the cached expert of every modality.`;
  },
  routerWeights: ({ file, at }) => {
    const rule = fusionOf(file);
    if (rule?.rule === 'linear-router' && rule.weights === undefined) {
      return `${at('fusion', 'weights')} is missing. linear-router needs a .npz with W [2M, M] and b [M].`;
    }
    if (rule?.weights !== undefined && rule.rule !== 'linear-router') {
      return `${at('fusion', 'weights')} is for linear-router only, and the rule is ${rule.rule}. Remove it.`;
    }
    return undefined;
  },
  softmaxTemperature: ({ file, given, at }) => {
    const rule = fusionOf(file);
    if (rule === undefined || rule.rule === 'softmax' || !isGiven(given, ['fusion', 'temperature']))
      return undefined;
    return `${at('fusion', 'temperature')} is for softmax only, and the rule is ${rule.rule}. Remove it.`;
  },
  evidenceForDempster: ({ file, at }) => {
    const evidence = modalityNames(file).find((name) => file.modalities[name]['expert-kind'] === 'evidence');
    if (evidence === undefined || fusionOf(file)?.rule === 'dempster') return undefined;
    return `${at('modalities', evidence, 'expert-kind')} is "evidence", which only the fusion rule dempster reads. Give logits, probabilities or score.`;
  },
  scoreNeedsThreshold: ({ file: { output, modalities }, at }) => {
    if (output['decision-threshold'] !== undefined) return undefined;
    const isScore = (kind: string | undefined): boolean => kind === 'score';
    const scored = Object.keys(modalities).find((name) => isScore(modalities[name]['expert-kind']));
    const where = isScore(output.kind)
      ? at('output', 'kind')
      : scored && at('modalities', scored, 'expert-kind');
    return where && `${where} is "score", which needs a decision-threshold too: class 1 is at or above it.`;
  },
  probabilityThreshold: ({ file: { output }, at }) => {
    const wrong = thresholdsOf(output).find((threshold) => !(threshold > 0 && threshold < 1));
    if (output.kind === 'score' || wrong === undefined) return undefined;
    const whose = output['multi-label'] ? 'a label' : 'class 1';
    return `${at('output', 'decision-threshold')} is the probability of ${whose}, so it must lie between 0 and 1, but is ${wrong}.`;
  },
  thresholdIsBinary: ({ file: { output }, at }) => {
    if (output['multi-label']) return undefined;
    if (output['decision-threshold'] === undefined || (output.classes?.length ?? 2) === 2) return undefined;
    return `${at('output', 'decision-threshold')} is for two classes only, but "classes" names ${output.classes!.length}. Remove it.`;
  },
  ...LABEL_CHECKS,
  classNames: ({ file: { output }, at }) => {
    const repeated = firstRepeated(output.classes ?? []);
    return (
      repeated && `${at('output', 'classes')} names "${repeated}" twice. Each class needs a name of its own.`
    );
  },
  valueKeys: ({ file, given, at }) => {
    if (file.output.kind !== 'value') return undefined;
    const keys = [
      ['output', 'classes'],
      ['output', 'decision-threshold'],
      ...modalityNames(file).map((name) => ['modalities', name, 'expert-kind']),
    ];
    const path = keys.find((key) => isGiven(given, key));
    return path && `${at(...path)} is for classes, and this output is of kind "value". Remove it.`;
  },
  predictedClassNeedsClasses: ({ file: { output, permutations }, at }) => {
    if (output.kind !== 'value' || permutations.within !== 'predicted-class') return undefined;
    return `${at('permutations', 'within')} is "predicted-class", and this output is of kind "value", which has no classes. Name columns to match on instead.`;
  },
  rulesForValues: ({ file, at }) => {
    const rule = fusionOf(file)?.rule;
    if (file.output.kind !== 'value' || rule === undefined || VALUE_RULES.includes(rule)) return undefined;
    return `${at('fusion')} is ${rule}, which combines classes, and this output is of kind "value". Use ${eitherOf(VALUE_RULES)}.`;
  },
  metricsFitOutput: ({ file, at }) => {
    const fitting = metricsFor(file.output);
    const kind = file.output['multi-label'] ? 'with "multi-label: true"' : `of kind "${file.output.kind}"`;
    const unfit = (name: MetricName): boolean => !fitting.includes(name);
    const metric = metricOf(file);
    const where = unfit(metric) ? at('metric') : at('metrics');
    const name = [metric, ...file.metrics].find(unfit);
    return (
      name &&
      `${where} has "${name}", which does not fit an output ${kind}. Those that do: ${fitting.join(', ')}.`
    );
  },
  thresholdIsSaid: ({ file, given, at }) => {
    const metric = metricOf(file);
    if (!isInUnitOfLabel(metric) || isGiven(given, ['threshold'])) return undefined;
    return `${at('threshold')} is missing, and ${metric} has no default, because it is in the unit of the label. Say by how much ${metric} has to grow when the scores are shuffled, e.g. a fiftieth of the label's standard deviation.`;
  },
  thresholdsInReach: ({ file, at }) => {
    const metric = metricOf(file);
    const most = largestGap(metric);
    const places = [
      [at('threshold'), file.threshold],
      [at('control', 'threshold'), file.control.threshold ?? 0],
    ] as const;
    const [where, value] = places.find(([, threshold]) => threshold > most) ?? [];
    return where && `${where} is ${value}, and no gap by ${metric} is larger than ${most}. Lower it.`;
  },
  metricsOnce: ({ file, at }) => {
    const { metrics } = file;
    const metric = metricOf(file);
    if (metrics.includes(metric)) {
      return `${at('metrics')} has "${metric}", which is the metric that gates and is reported anyway. Remove it from the list.`;
    }
    const repeated = firstRepeated(metrics);
    return repeated && `${at('metrics')} has "${repeated}" twice. Name each metric once.`;
  },
  enoughShuffles: ({ file: { alpha, permutations }, at }) => {
    const fewest = fewestShuffles(alpha);
    if (fewest > MAX_COUNT)
      return `${at('alpha')} is ${alpha}, which no ${MAX_COUNT} shuffles can reach. Raise it.`;
    // A bank brings its own number of shuffles, known when it is read.
    if (permutations.bank !== undefined || permutations.count >= fewest) return undefined;
    return tooFew(at('permutations', 'count'), permutations.count, alpha, fewest, '');
  },
  mostIsNotLess: ({ file: { permutations }, at }) => {
    const { count, most = count } = permutations;
    if (most >= count) return undefined;
    return `${at('permutations', 'most')} is ${most}, fewer than the ${count} shuffles of "count". Raise it, or leave it out.`;
  },
  sequentialDrawsItsOwn: ({ file: { permutations }, at }) => {
    if (!permutations.sequential) return undefined;
    const other = (['bank', 'most'] as const).find((key) => permutations[key] !== undefined);
    if (other === undefined) return undefined;
    const why = { bank: 'the draws of a bank are all there', most: 'no more than "count" are drawn then' };
    return `${at('permutations', other)} does not go with "sequential": ${why[other]}. Leave one of them out.`;
  },
  enoughSecondaryShuffles: ({ file: { alpha, permutations, modalities }, at }) => {
    const tests = Object.keys(modalities).length;
    const fewest = fewestShuffles(alpha, tests);
    const count = permutations['secondary-count'] ?? Math.min(fewest, MAX_COUNT);
    if (count >= fewest || fewestShuffles(alpha) > MAX_COUNT) return undefined;
    if (fewest > MAX_COUNT) {
      return `${at('alpha')} is ${alpha}, which no ${MAX_COUNT} shuffles can reach for ${tests} modalities. Raise it.`;
    }
    return tooFew(at('permutations', 'secondary-count'), count, alpha, fewest, ` for ${tests} modalities`);
  },
  bankCoversModalities: ({ file: { permutations, modalities }, at }) => {
    const names = Object.keys(permutations.bank?.scores ?? modalities);
    if (sameNames(names, Object.keys(modalities))) return undefined;
    return `${at('permutations', 'bank', 'scores')} must have a key for each modality (${enumerate(Object.keys(modalities))}), but has ${enumerate(names)}.`;
  },
  oneKindOfFolds: ({ file, at }) => {
    const ways = placesOfFolds(file, at);
    if (ways.length < 2) return undefined;
    return `${ways[0]} and ${ways[1]} both say what the folds are. Keep one of the two.`;
  },
  oneFoldEach: ({ file, at }) => {
    const several = (file.folds ?? []).findIndex((fold) => isSeveralFolds(fold['evaluation-set']));
    if (several === -1) return undefined;
    return `${at('folds', several, 'evaluation-set')} has several seeds or folds, but is one fold itself. Name one seed and one fold.`;
  },
  foldNames: ({ file, at }) => {
    const repeated = firstRepeated(foldFiles(file).map(({ name }) => name));
    return (
      repeated && `${at('folds')} has two folds that are called "${repeated}". Give each a name of its own.`
    );
  },
  seedsNeedIds: ({ file: { columns }, at }) => {
    if (columns.seed === undefined || columns.id !== undefined) return undefined;
    return `${at('columns', 'seed')} is for examples that come again in each seed, and only their ids tell which they are. Name the column with them as "id".`;
  },
  availableNeedsPresence: ({ file: { rows, modalities }, at }) => {
    if (rows === 'complete') return undefined;
    if (Object.values(modalities).some(({ presence }) => presence !== undefined)) return undefined;
    return `${at('rows')} is "available", and no modality has a presence column, so that none is ever absent. Name the column that is 1 where a modality was observed as its "presence", or leave "rows" out.`;
  },
  corruptionIsOfComplete: ({ file, at }) => {
    const set = file['evaluation-set'];
    if (file.rows === 'complete' || typeof set !== 'object' || !('corruption' in set)) return undefined;
    if (set.corruption === undefined) return undefined;
    return `${at('evaluation-set', 'corruption')} is the paper's corruption of rows on which every modality is present, and "rows" is "available". Leave one of them out.`;
  },
  slicesOnce: ({ file: { slices = [] }, at }) => {
    const repeated = firstRepeated(slices);
    return repeated && `${at('slices')} has "${repeated}" twice. Name each column once.`;
  },
  weightsOfFiles: ({ file, at }) => {
    const set = file['evaluation-set'];
    if (file.columns.weight === undefined || typeof set !== 'object' || !('contract' in set))
      return undefined;
    return `${at('columns', 'weight')} does not go with a folder in the layout of the paper's code, whose tables count every example alike. Remove it.`;
  },
  weightsOfComplete: ({ file, at }) => {
    if (file.columns.weight === undefined || file.rows === 'complete') return undefined;
    return `${at('columns', 'weight')} does not go with rows on which a modality is absent, whose experts are counted row by row. Remove it, or leave "rows" at complete.`;
  },
  weightIsNoLabel: ({ file: { columns }, at }) => {
    if (columns.weight === undefined || ![columns.label].flat().includes(columns.weight)) return undefined;
    return `${at('columns', 'weight')} is "${columns.weight}", the label. Name the column that says how much each example counts.`;
  },
  blocksNeedColumn: ({ file: { columns, permutations }, at }) => {
    if (columns.block !== undefined) return undefined;
    const key =
      permutations.move === 'blocks' ? 'move' : permutations.within === 'block' ? 'within' : undefined;
    return (
      key &&
      `${at('permutations', key)} is "${permutations[key] as string}", and no column says which block a row is of. Name it as columns.block.`
    );
  },
  wholeBlocksStayInNothing: ({ file: { permutations }, at }) => {
    if (permutations.move !== 'blocks' || permutations.within === undefined) return undefined;
    return `${at('permutations', 'within')} is for scores of rows, and "move: blocks" moves those of whole blocks. Remove one of the two.`;
  },
  bankShufflesItself: ({ file: { permutations }, given, at }) => {
    if (permutations.bank === undefined) return undefined;
    const key = (['within', 'move'] as const).find((name) => isGiven(given, ['permutations', name]));
    return (
      key && `${at('permutations', key)} decides nothing, as the bank has shuffles of its own. Remove it.`
    );
  },
  matchOnOthers: ({ file, at }) => {
    const { within } = file.permutations;
    if (typeof within !== 'object') return undefined;
    const where = at('permutations', 'within', 'match');
    const repeated = firstRepeated(within.match);
    if (repeated !== undefined) return `${where} has "${repeated}" twice. Name each column once.`;
    const label = labelColumns(file).find((name) => within.match.includes(name));
    if (label !== undefined) {
      return `${where} has the label "${label}", and no shuffle may look at a label. Remove it.`;
    }
    const score = within.match.find((name) => scoreColumns(file).includes(name));
    return (
      score &&
      `${where} has "${score}", a score under test: among rows with the same score a shuffle changes nothing. Name what the score may depend on.`
    );
  },
  quantilesAscend: ({ file: { control }, at }) => {
    const [low, high] = control.quantiles;
    if (low < high) return undefined;
    return `${at('control', 'quantiles')} must be [low, high] with low below high, but is [${low}, ${high}].`;
  },
};

/** The sentences for everything in which the keys of a gate contradict one another. */
export function crossCheck(gate: CheckedGate): string[] {
  const sentences = [gate, ...foldsOf(gate)].flatMap((checked) =>
    Object.values(CHECKS)
      .map((check) => check(checked))
      .filter((sentence) => sentence !== undefined),
  );
  return [...new Set(sentences)];
}

/** The gates that the folds of a list would be alone: what is wrong with a fold's own keys is said of the fold. */
function foldsOf({ file, given, at }: CheckedGate): CheckedGate[] {
  return foldFiles(file).map((fold, i) => {
    const found = valueAt(given, ['folds', i]);
    const own = isMapping(found) ? found : {};
    return {
      file: fold.file,
      given: { ...given, ...own },
      at: (...path) =>
        path.length > 0 && Object.hasOwn(own, path[0]) ? at('folds', i, ...path) : at(...path),
    };
  });
}

function modelOnlyKeys(file: GateFile): Path[] {
  return [
    ['engine'],
    ['head'],
    ['command'],
    ['server'],
    ['batch-size'],
    ['inputs'],
    ['output', 'tensor'],
    ...modalityNames(file).map((name) => ['modalities', name, 'inputs']),
  ];
}

/** An address of a file to download is spoken of elsewhere. */
function addressProblem(text: GateFile['model']): string | undefined {
  return isServer(text) && unpinnedProblem(text, true) === undefined ? serverUrlProblem(text) : undefined;
}

function mayBeServer([key]: Path): boolean {
  return SERVER_KEYS.some((it) => it === key);
}

function modalityNames({ modalities }: GateFile): string[] {
  return Object.keys(modalities);
}

/** The columns of the scores under test. */
function scoreColumns({ modalities, reliability }: GateFile): string[] {
  return [...Object.values(modalities).map((modality) => modality.reliability), reliability]
    .filter((binding) => binding !== undefined)
    .map((binding) => (typeof binding === 'string' ? binding : (binding.column ?? binding.tensor)));
}

/** Every tensor that the gate feeds, as often as it does. */
function boundTensors({ modalities, inputs, reliability }: GateFile): string[] {
  const bindings = Object.values(modalities).flatMap((modality) => [
    ...modality.inputs,
    modality.reliability,
  ]);
  return [...bindings, ...inputs, reliability]
    .filter((binding) => binding !== undefined)
    .map((binding) => (typeof binding === 'string' ? binding : binding.tensor));
}

/** `a, b or c` */
function eitherOf(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function isGiven(given: Mapping, path: Path): boolean {
  return valueAt(given, path) !== undefined;
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && others.every((name) => some.includes(name));
}

function firstRepeated(words: readonly string[]): string | undefined {
  return words.find((word, i) => words.indexOf(word) !== i);
}

function partition(words: readonly string[], test: (word: string) => boolean): [yes: string[], no: string[]] {
  return [words.filter(test), words.filter((word) => !test(word))];
}

function tooFew(where: string, count: number, alpha: number, fewest: number, forWhom: string): string {
  return `${where} is ${count}, too few for any p-value at or below alpha ${alpha}${forWhom}. Use at least ${fewest}.`;
}
