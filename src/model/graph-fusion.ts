import { takeRows, type NumberColumn } from '../evaluation-set/evaluation-set.ts';
import { decide, type Decision, type Floats } from './decision.ts';
import { feedsOf } from './frozen-graph/feeds.ts';
import { expertOutput, type ExpertSource } from './frozen-graph/graph-experts.ts';
import { inputValues } from './frozen-graph/input-values.ts';
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
import { takeOutputRows } from './take-output-rows.ts';
import type { ExpertOutputs, FrozenFusion, Reliability } from './frozen-fusion.ts';
import type { CutModel, Feed } from './loaded-model.ts';

/** What stays the same however evidence is exchanged. */
export interface Graph extends ReplayPlan {
  readonly inputs: readonly FittedInput[];
  readonly columns: ReadonlyMap<string, NumberColumn>;
  readonly reliability: Reliability;
  readonly decision: Decision;
  readonly experts?: readonly ExpertSource[];
  /** Undefined where every replay runs the whole model. */
  readonly cut?: CutModel;
}

/** What is frozen: the evidence as feeds, and the experts that stand in the evaluation set. */
export interface Evidence {
  /** All inputs on the data as given, scores included. */
  readonly feeds: Feeds;
  /** By modality. */
  readonly expertColumns: ReadonlyMap<number, ModelOutput>;
}

/** A column as feeds of its input: of the rows as they are, or of other ones in their place. */
export function columnFeeds(
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
export function frozen(
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

export async function wholeOutputs(
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
export function modelExperts(experts: readonly ExpertSource[] | undefined): string[] {
  return (experts ?? []).filter(({ from }) => from === 'model').map(({ name }) => name);
}

export function expertsOf(
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
