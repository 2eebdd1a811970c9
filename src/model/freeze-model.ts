import type { GateConfig } from '../config/gate-config.ts';
import type { EvaluatedRows } from '../evaluation-set/evaluated-rows.ts';
import { takeRows, type NumberColumn } from '../evaluation-set/evaluation-set.ts';
import { readNumbers } from '../evaluation-set/numbers.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import type { Logger } from '../foundation/logger.ts';
import { readCleanReliability } from './clean-reliability.ts';
import { decide, type Decision, type Floats } from './decision.ts';
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
import { runPasses, type Feeds, type ModelOutput, type Runner } from './frozen-graph/run-passes.ts';
import { scoreFeeds, type FittedInput } from './frozen-graph/score-blocks.ts';
import type { FrozenFusion, Reliability } from './frozen-fusion.ts';
import { fusedDecision } from './fused-decision.ts';
import type { Feed, LoadedModel } from './loaded-model.ts';

/** Largest difference, relative to the largest output, that another engine's float32 arithmetic may leave. */
const STORED_OUTPUT_TOLERANCE = 1e-4;

/** What stays the same however evidence is exchanged. */
interface Graph {
  readonly gate: GateConfig;
  readonly runner: Runner;
  readonly inputs: readonly FittedInput[];
  readonly columns: ReadonlyMap<string, NumberColumn>;
  readonly reliability: Reliability;
  readonly fused: string;
  readonly experts?: readonly ExpertSource[];
}

/** What is frozen: the evidence as feeds, and the experts that stand in the evaluation set. */
interface Evidence {
  /** All inputs on the data as given, scores included. */
  readonly feeds: Feeds;
  /** By modality. */
  readonly expertColumns: ReadonlyMap<number, ModelOutput>;
}

/**
 * Freezes a model on an evaluation set, whatever engine has loaded it: every input that is no score is fixed, cut into
 * passes and converted once, so that a replay feeds new scores and nothing else.
 *
 * @throws ConfigurationError when model, config and evaluation set do not go together: a tensor or column is missing, a
 * shape or dtype does not fit, an output is not what it is said to be
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
  const reliability = await readCleanReliability(gate, data);
  const runner = { loaded, model, data, passes };
  const graph = { gate, runner, inputs, columns, reliability, fused, experts };
  const feeds = new Map(inputs.map((input) => [input.info.name, columnFeeds(graph, input)]));
  const expertColumns = new Map<number, ModelOutput>();
  for (const [modality, source] of experts?.entries() ?? []) {
    if (source.from === 'column') expertColumns.set(modality, await readExpertColumn(data, source));
  }
  const root = await frozen(graph, { feeds, expertColumns });
  const stored = await storedOutput(graph, root.original.length);
  return { ...root, ...stored, close: () => loaded.close() };
}

/** A column as feeds of its input: of the rows as they are, or of other ones in their place. */
function columnFeeds({ columns, runner }: Graph, input: FittedInput, source?: Uint32Array): Feed[] {
  const { info, column, batchAxis, fit } = input;
  const given = columns.get(column)!;
  const { values } = source === undefined ? given : takeRows(given, source);
  const block = { values: inputValues(values, info, column, runner.data), row: fit.row, batchAxis };
  return feedsOf(block, runner.passes);
}

/**
 * One full pass on this evidence, and the fusion around it.
 *
 * @param decided how outputs become classes, where the pass on the evidence as given has shown it
 */
async function frozen(graph: Graph, evidence: Evidence, decided?: Decision): Promise<FrozenFusion> {
  const { gate, runner, inputs, reliability, fused } = graph;
  const fromModel = (graph.experts ?? []).filter(({ from }) => from === 'model').map(({ name }) => name);
  const fetch = [...new Set([fused, ...fromModel])];
  const situation = decided === undefined ? 'on the data as given' : 'once evidence is exchanged';
  const outputs = await runPasses(runner, evidence.feeds, fetch, situation);
  const named = new Map(fetch.map((name, k) => [name, outputs[k]]));
  const original = named.get(fused)!;
  const decision = decided ?? fusedDecision(gate.output, `output "${fused}"`, original);
  const replay = async (scores: Reliability): Promise<Floats> => {
    const feeds = new Map([...evidence.feeds, ...scoreFeeds(gate, inputs, scores, runner.passes)]);
    const [output] = await runPasses(runner, feeds, [fused], 'once its scores are changed');
    return output.values;
  };
  return {
    rows: runner.data.rows.length,
    classes: decision.classes,
    modalities: gate.modalities.map(({ name }) => name),
    reliability,
    experts: graph.experts?.map((source, modality) =>
      expertOutput(source, evidence.expertColumns.get(modality) ?? named.get(source.name)!, {
        output: gate.output,
        classes: decision.classes,
      }),
    ),
    engine: runner.loaded.engine,
    original: original.values,
    tolerance: 0,
    replay,
    predict: async (scores) => decide(await replay(scores), original.width, decision),
    withEvidence: async (modality, source) => {
      const exchanged = exchange(graph, evidence, modality, source);
      return exchanged && frozen(graph, exchanged, decision);
    },
    close: () => Promise.resolve(),
  };
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
