import { downloadsOf, fileName } from './downloads.ts';
import { foldFiles } from './folds.ts';
import type {
  Binding,
  Candidate,
  FoldGate,
  GateConfig,
  ModalityConfig,
  OutputConfig,
  ServerWishes,
  Some,
} from './gate-config.ts';
import type { GateFile } from './schema.ts';
import { fusionRule, gateFile } from './schema.ts';
import { namesServer } from './server-url.ts';
import { controlThresholdOf, metricOf } from './metric-keys.ts';
import { defaultMost, defaultSecondaryCount, EXCEEDANCES } from './shuffle-counts.ts';

type BindingFile = GateFile['inputs'][number];
type ModalityFile = GateFile['modalities'][string];

/**
 * A validated and cross-checked gate of the file in the program's own words: short forms written out, defaults that
 * depend on other keys filled in.
 */
export function gateFromFile(file: GateFile): GateConfig {
  const candidate = candidateOf(file);
  const names = Object.keys(file.modalities);
  const { permutations, output, reliability } = file;
  const downloads = downloadsOf(file);
  return {
    name: file.name,
    candidate,
    ...evaluationSetOf(file['evaluation-set']),
    ...(file.folds && { folds: { from: 'list', list: foldGates(file) } }),
    ...(downloads.length > 0 && { downloads }),
    columns: file.columns,
    ...(file.slices && { slices: file.slices }),
    ...trainIdsOf(file),
    modalities: names.map((name) => modalityOf(name, file.modalities[name], candidate)),
    inputs: file.inputs.map(bindingOf),
    ...(reliability && {
      reliability: { ...bindingOf(reliability), order: reliability.order, axis: reliability.axis },
    }),
    output: outputOf(output),
    metric: metricOf(file),
    metrics: file.metrics,
    threshold: file.threshold,
    alpha: file.alpha,
    permutations: {
      count: permutations.count,
      most: permutations.sequential
        ? permutations.count
        : (permutations.most ?? defaultMost(permutations.count)),
      ...(permutations.sequential && {
        stopping: { exceedances: EXCEEDANCES, most: permutations.count },
      }),
      secondaryCount: permutations['secondary-count'] ?? defaultSecondaryCount(file.alpha, names.length),
      scheme: permutations.scheme,
      within: permutations.within,
      move: permutations.move,
      seed: permutations.seed,
      bank: permutations.bank && { ...permutations.bank, path: fileName(permutations.bank.path) },
    },
    uniformScore: file['uniform-score'],
    interval: file.interval,
    control: { ...file.control, threshold: controlThresholdOf(file) },
    failOnInconclusive: file['fail-on-inconclusive'],
    ...regressionOf(file),
  };
}

/** The rule of a gate with its options, or undefined where it has a model. */
export function fusionOf({ fusion }: GateFile): ReturnType<typeof fusionRule.parse> | undefined {
  return typeof fusion === 'string' ? fusionRule.parse({ rule: fusion }) : fusion;
}

function candidateOf(file: GateFile): Candidate {
  const rule = fusionOf(file);
  if (rule !== undefined) {
    return { kind: 'fusion', rule: { ...rule, weights: rule.weights && fileName(rule.weights) } };
  }
  const { engine, head, command } = file;
  const downloaded = [file.model, head].filter((part) => typeof part === 'object').map(fileName);
  return {
    kind: 'model',
    path: fileName(file.model!),
    engine,
    batchSize: file['batch-size'],
    ...(head !== undefined && { head: fileName(head) }),
    ...(downloaded.length > 0 && { downloaded }),
    ...(namesServer(file) && {
      server: { ...serverWishes(file.server), ...(command !== undefined && { command }) },
    }),
  };
}

function evaluationSetOf(
  set: GateFile['evaluation-set'],
): Pick<GateConfig, 'evaluationSet' | 'contract' | 'folds'> {
  if (typeof set === 'string' || 'url' in set) return { evaluationSet: fileName(set) };
  const { contract: folder, seed, fold, ...rest } = set;
  if (isSeveral(seed) || isSeveral(fold)) {
    return { evaluationSet: folder, contract: rest, folds: { from: 'contract', seed, fold } };
  }
  const one = { ...(seed !== undefined && { seed }), ...(fold !== undefined && { fold }) };
  return { evaluationSet: folder, contract: { ...one, ...rest } };
}

function isSeveral(numbers: Some): numbers is readonly number[] | 'all' {
  return typeof numbers === 'object' || numbers === 'all';
}

function foldGates(file: GateFile): FoldGate[] {
  return foldFiles(file).map((fold) => ({ name: fold.name, gate: gateFromFile(fold.file) }));
}

function outputOf({ tensor, column, kind, classes, ...of }: GateFile['output']): OutputConfig {
  const threshold = of['decision-threshold'];
  return {
    tensor,
    column,
    kind,
    decisionThreshold: typeof threshold === 'number' ? threshold : undefined,
    classes,
    ...(of['multi-label'] && { multiLabel: true }),
    ...(typeof threshold === 'object' && { labelThresholds: threshold }),
  };
}

function regressionOf(file: GateFile): Pick<GateConfig, 'regression'> {
  const { 'regression-threshold': threshold, 'fail-on-regression': fails } = file;
  if (threshold === undefined && !fails) return {};
  return { regression: { threshold: threshold ?? file.threshold, fails } };
}

function trainIdsOf({ 'train-ids': ids, leakage: whenShared }: GateFile): Pick<GateConfig, 'trainIds'> {
  if (ids === undefined) return {};
  return { trainIds: { ...(typeof ids === 'string' ? { path: ids } : ids), whenShared } };
}

/** How servers are asked, in the program's own words. */
export function serverWishes(server: GateFile['server']): ServerWishes {
  return {
    requestTimeout: server['request-timeout'],
    readyTimeout: server['ready-timeout'],
    concurrency: server.concurrency,
  };
}

/** How they are asked where a gate was not read from a file. */
export const DEFAULT_SERVER_WISHES = serverWishes(gateFile.shape.server.parse(undefined));

function modalityOf(name: string, file: ModalityFile, candidate: Candidate): ModalityConfig {
  // The score of dempster is an uncertainty: low is reliable.
  const isUncertainty = candidate.kind === 'fusion' && candidate.rule.rule === 'dempster';
  return {
    name,
    inputs: file.inputs.map(bindingOf),
    reliability: file.reliability === undefined ? undefined : bindingOf(file.reliability),
    presence: file.presence,
    expert: file.expert,
    expertKind: file['expert-kind'],
    reliableWhen: file['reliable-when'] ?? (isUncertainty ? 'low' : 'high'),
  };
}

function bindingOf(binding: BindingFile): Binding {
  if (typeof binding === 'string') return { tensor: binding, column: binding };
  return { tensor: binding.tensor, column: binding.column ?? binding.tensor };
}
