import type { GateConfig } from '../config/gate-config.ts';
import type { EvaluatedRows } from '../evaluation-set/evaluated-rows.ts';
import { takeRows, type NumberColumn } from '../evaluation-set/evaluation-set.ts';
import { readNumbers } from '../evaluation-set/numbers.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import type { Logger } from '../foundation/logger.ts';
import { readCleanReliability } from './clean-reliability.ts';
import { decide, type Decision, type Floats } from './decision.ts';
import { checkCut, type CutCheck } from './frozen-graph/cut-check.ts';
import { joinScore } from './frozen-graph/computed-scores.ts';
import { feedsOf } from './frozen-graph/feeds.ts';
import { fusedTensor } from './frozen-graph/fused-tensor.ts';
import {
  expertOutput,
  expertSources,
  readExpertColumn,
  takeOutputRows,
  type ExpertSource,
} from './frozen-graph/graph-experts.ts';
import { matchInputs } from './frozen-graph/graph-inputs.ts';
import { fitInput } from './frozen-graph/input-shape.ts';
import { inputValues, refuseWholeScores } from './frozen-graph/input-values.ts';
import { planPasses } from './frozen-graph/passes.ts';
import {
  type Replay,
  type ReplayPlan,
  replaySuffix,
  replayWhole,
  runPrefix,
} from './frozen-graph/replays.ts';
import {
  joinOutput,
  runPasses,
  type Feeds,
  type ModelOutput,
  type Runner,
} from './frozen-graph/run-passes.ts';
import type { FittedInput } from './frozen-graph/score-blocks.ts';
import { computedScores, scoreTensors, type ScoreTensor } from './frozen-graph/score-tensors.ts';
import type { ExpertOutputs, FrozenFusion, Reliability } from './frozen-fusion.ts';
import { fusedDecision } from './fused-decision.ts';
import type { CutModel, Feed, LoadedModel } from './loaded-model.ts';

/** Largest difference, relative to the largest output, that another engine's float32 arithmetic may leave. */
const STORED_OUTPUT_TOLERANCE = 1e-4;

/** What stays the same however evidence is exchanged. */
interface Graph extends ReplayPlan {
  readonly inputs: readonly FittedInput[];
  readonly columns: ReadonlyMap<string, NumberColumn>;
  readonly reliability: Reliability;
  readonly decision: Decision;
  readonly experts?: readonly ExpertSource[];
  /** Undefined where every replay runs the whole model. */
  readonly cut?: CutModel;
}

/** What is frozen: the evidence as feeds, and the experts that stand in the evaluation set. */
interface Evidence {
  /** All inputs on the data as given, scores included. */
  readonly feeds: Feeds;
  /** By modality. */
  readonly expertColumns: ReadonlyMap<number, ModelOutput>;
}

/**
 * Freezes a model on an evaluation set, whatever engine has loaded it: what depends on no score runs once, and a replay
 * runs the rest. Where the engine cannot cut the model, a replay feeds new scores to all of it.
 *
 * @throws ConfigurationError when model, config and evaluation set do not go together: a tensor or column is missing, a
 * shape or dtype does not fit, an output is not what it is said to be, the model cannot be cut at the scores
 */
export async function freezeModel(
  gate: GateConfig,
  data: EvaluatedRows,
  loaded: LoadedModel,
  logger: Logger,
): Promise<FrozenFusion> {
  if (gate.candidate.kind !== 'model') throw new Error('freezeModel needs a gate with a model.');
  const { path: model, batchSize } = gate.candidate;
  const fused = fusedTensor(gate, model, loaded);
  const experts = expertSources(gate, data, model, loaded);
  const matched = matchInputs(gate, data.set.columns, model, loaded);
  const columns = new Map<string, NumberColumn>();
  for (const { column } of matched) columns.set(column, await readNumbers(data, column, 'input'));
  const inputs = matched.map((input) => ({ ...input, fit: fitInput(input, columns.get(input.column)!) }));
  for (const { info, fills } of inputs) if (fills !== 'evidence') refuseWholeScores(info);
  const passes = planPasses(data.rows.length, batchSize, inputs, model);
  logger.debug(`Model "${model}": ${data.rows.length} rows in ${passes.length} passes of ${passes[0].size}.`);
  const runner = { loaded, model, data, passes };
  const feeds = new Map(inputs.map((input) => [input.info.name, columnFeeds({ columns, runner }, input)]));
  const expertColumns = new Map<number, ModelOutput>();
  for (const [modality, source] of experts?.entries() ?? []) {
    if (source.from === 'column') expertColumns.set(modality, await readExpertColumn(data, source));
  }
  const inside = computedScores(gate, model, loaded);
  const setup = { gate, runner, inputs, columns, fused, experts, inside, evidence: { feeds, expertColumns } };
  const trial = await bestTrial(setup, logger);
  const { graph, original, replay } = trial;
  const root = frozen(graph, setup.evidence, original.values, trial.experts, replay);
  const { tolerance, warnings } = trial;
  const stored = await storedOutput(graph, original.values.length);
  return { ...root, tolerance, warnings, ...stored, close: () => loaded.close() };
}

/** What is known before it is known where the model can be cut. */
interface Setup extends Pick<Graph, 'gate' | 'runner' | 'inputs' | 'columns' | 'fused' | 'experts'> {
  /** The scores that the model computes itself. */
  readonly inside: readonly ScoreTensor[];
  readonly evidence: Evidence;
}

/** The model frozen in one way, and how far its replay of Clean-Q is from its own output. */
interface Trial extends CutCheck {
  readonly graph: Graph;
  readonly original: ModelOutput;
  readonly experts?: ExpertOutputs;
  readonly replay: Replay;
  readonly warnings?: readonly string[];
}

/** In two parts; if these are not the model, in two parts without optimisations; if these are not either, as a whole. */
async function bestTrial(setup: Setup, logger: Logger): Promise<Trial> {
  const optimised = await cutModel(setup, false, logger);
  if (optimised === undefined) return tryCut(setup, undefined);
  const first = await tryCut(setup, optimised);
  if (first.difference <= first.tolerance) return first;
  const second = await tryCut(setup, await cutModel(setup, true, logger));
  // A score inside can be exchanged in the suffix only: if that is not the model, the diagnosis finds it invalid.
  if (second.difference <= second.tolerance || setup.inside.length > 0) return second;
  const warning = `Cut at its scores, the model "${setup.runner.model}" gives outputs that differ by up to ${second.difference.toPrecision(3)}: every shuffle ran the whole model instead.`;
  return { ...(await tryCut(setup, undefined)), warnings: [warning] };
}

/** The model in two parts; undefined where it stays whole because all scores are inputs and nothing is gained. */
async function cutModel(setup: Setup, plain: boolean, logger: Logger): Promise<CutModel | undefined> {
  const { gate, runner, fused, experts, inside } = setup;
  const scores = scoreTensors(gate).map(({ tensor }) => tensor);
  try {
    return await runner.loaded.cut?.({ scores, output: fused, kept: modelExperts(experts), plain });
  } catch (error) {
    if (inside.length > 0 || !(error instanceof ConfigurationError)) throw error;
    logger.debug(`${error.message} Every shuffle runs the whole model.`);
    return undefined;
  }
}

async function tryCut(setup: Setup, cut: CutModel | undefined): Promise<Trial> {
  const { gate, inputs, fused, evidence, inside } = setup;
  const runner = { ...setup.runner, loaded: cut?.whole ?? setup.runner.loaded };
  const frontier = cut && (await runPrefix(runner, cut, evidence.feeds));
  const computed = inside.map((score) => {
    const info = cut!.prefix!.outputs.find(({ name }) => name === score.tensor)!;
    const { column, row } = joinScore(runner, score, info, frontier!.get(score.tensor)!);
    return { column, slot: { ...score, info, row } };
  });
  const clean = new Map(computed.map(({ column }) => [column.name, column]));
  const reliability = await readCleanReliability(gate, runner.data, clean);
  const given = inputs.filter(({ fills }) => fills !== 'evidence');
  const slots = [
    ...given.map((input) => ({ ...input, row: input.fit.row })),
    ...computed.map(({ slot }) => slot),
  ];
  const names = [fused, ...modelExperts(setup.experts)];
  const outputs = await wholeOutputs(runner, evidence.feeds, names, 'on the data as given');
  const original = outputs.get(fused)!;
  const decision = fusedDecision(gate.output, `output "${fused}"`, original);
  const graph = { ...setup, runner, slots, reliability, decision, cut };
  const whole = replayWhole(graph, evidence.feeds);
  const replay = cut ? replaySuffix(graph, cut, evidence.feeds, frontier!) : whole;
  const alsoWhole = inside.length === 0 ? whole : undefined;
  const check = cut
    ? await checkCut(cut, reliability, original.values, replay, alsoWhole)
    : { difference: 0, tolerance: 0 };
  return { graph, original, experts: expertsOf(graph, evidence, outputs), replay, ...check };
}

/** A column as feeds of its input: of the rows as they are, or of other ones in their place. */
function columnFeeds(
  { columns, runner }: Pick<Graph, 'columns' | 'runner'>,
  input: FittedInput,
  source?: Uint32Array,
): Feed[] {
  const { info, column, batchAxis, fit } = input;
  const given = columns.get(column)!;
  const { values } = source === undefined ? given : takeRows(given, source);
  const block = { values: inputValues(values, info, column, runner.data), row: fit.row, batchAxis };
  return feedsOf(block, runner.passes);
}

/** The fusion around one evidence. */
function frozen(
  graph: Graph,
  evidence: Evidence,
  original: Floats,
  experts: ExpertOutputs | undefined,
  replay: Replay,
): FrozenFusion {
  const { gate, runner, reliability, decision } = graph;
  return {
    rows: runner.data.rows.length,
    classes: decision.classes,
    modalities: gate.modalities.map(({ name }) => name),
    reliability,
    experts,
    engine: runner.loaded.engine,
    original,
    tolerance: 0,
    replay: async (scores) => (await replay(scores)).values,
    predict: async (scores) => {
      const { values, width } = await replay(scores);
      return decide(values, width, decision);
    },
    withEvidence: async (modality, source) => {
      const exchanged = exchange(graph, evidence, modality, source);
      return exchanged && refrozen(graph, exchanged);
    },
    close: () => Promise.resolve(),
  };
}

/** The fusion on exchanged evidence. Its scores stay what they were, also those that the model would compute anew. */
async function refrozen(graph: Graph, evidence: Evidence): Promise<FrozenFusion> {
  const { runner, cut, reliability, experts } = graph;
  const { feeds } = evidence;
  const frontier = cut && (await runPrefix(runner, cut, feeds));
  const replay = cut ? replaySuffix(graph, cut, feeds, frontier!) : replayWhole(graph, feeds);
  const named = modelExperts(experts);
  const situation = 'once evidence is exchanged';
  const isKept = named.every((name) => frontier?.has(name));
  const outputs = isKept
    ? new Map(named.map((name) => [name, joinOutput(runner, name, frontier!.get(name)!, situation)]))
    : await wholeOutputs(runner, feeds, named, situation);
  const { values } = await replay(reliability);
  return frozen(graph, evidence, values, expertsOf(graph, evidence, outputs), replay);
}

async function wholeOutputs(
  runner: Runner,
  feeds: Feeds,
  names: readonly string[],
  situation: string,
): Promise<ReadonlyMap<string, ModelOutput>> {
  const fetch = [...new Set(names)];
  const outputs = await runPasses(runner, feeds, fetch, situation);
  return new Map(fetch.map((name, i) => [name, outputs[i]]));
}

/** The experts that are outputs of the model. */
function modelExperts(experts: readonly ExpertSource[] | undefined): string[] {
  return (experts ?? []).filter(({ from }) => from === 'model').map(({ name }) => name);
}

function expertsOf(
  { gate, decision, experts }: Graph,
  { expertColumns }: Evidence,
  outputs: ReadonlyMap<string, ModelOutput>,
): ExpertOutputs | undefined {
  return experts?.map((source, modality) =>
    expertOutput(source, expertColumns.get(modality) ?? outputs.get(source.name)!, {
      output: gate.output,
      classes: decision.classes,
    }),
  );
}

/** One modality's inputs, and its expert where that is a column, taken from other rows. */
function exchange(
  graph: Graph,
  evidence: Evidence,
  modality: number,
  source: Uint32Array,
): Evidence | undefined {
  const own = graph.inputs.filter((input) => input.fills === 'evidence' && input.modality === modality);
  if (own.length === 0) return undefined;
  const feeds = new Map(evidence.feeds);
  for (const input of own) feeds.set(input.info.name, columnFeeds(graph, input, source));
  const expertColumns = new Map(evidence.expertColumns);
  const expert = expertColumns.get(modality);
  if (expert !== undefined) expertColumns.set(modality, takeOutputRows(expert, source));
  return { feeds, expertColumns };
}

/** The fused outputs as the training code stored them (`output.column`): what the replay has to reproduce. */
async function storedOutput(
  { gate, runner }: Graph,
  length: number,
): Promise<Pick<FrozenFusion, 'original' | 'tolerance'> | undefined> {
  if (gate.output.column === undefined) return undefined;
  const column = await readNumbers(runner.data, gate.output.column, 'output');
  if (column.values.length !== length) {
    throw new ConfigurationError(
      `The output column "${column.name}" has shape [${column.shape.join(', ')}]; the model's output has ${length / runner.data.rows.length} numbers per row.`,
    );
  }
  const original = Float64Array.from(column.values);
  const largest = original.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return { original, tolerance: STORED_OUTPUT_TOLERANCE * largest };
}
