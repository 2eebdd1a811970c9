import type { NumberColumn } from '../evaluation-set/evaluation-set.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import { decide, type Decision, type Floats } from './decision.ts';
import { columnFeeds } from './frozen-graph/column-feeds.ts';
import { expertOutput, type ExpertSource } from './frozen-graph/graph-experts.ts';
import { type Move, moveRows } from './frozen-graph/moved-rows.ts';
import {
  forward,
  type FrozenPart,
  type Replay,
  replayOf,
  type ReplayPlan,
  runTraced,
  type Trace,
} from './frozen-graph/replays.ts';
import { type Feeds, joinOutput, type ModelOutput } from './frozen-graph/run-passes.ts';
import type { FittedInput } from './frozen-graph/score-blocks.ts';
import { stackedReplay, type StackedReplay } from './frozen-graph/stacked-replay.ts';
import { takeOutputRows } from './take-output-rows.ts';
import type { ExpertOutputs, FrozenFusion, Reliability } from './frozen-fusion.ts';
import type { CutModel } from './loaded-model.ts';

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

/** How other scores are replayed on one evidence. */
export interface Replays {
  readonly part: FrozenPart;
  readonly single: Replay;
  readonly several?: StackedReplay;
  /** What the model gives on the data as given; undefined where evidence has been exchanged. */
  readonly known?: Trace;
}

/** What is frozen: the evidence as feeds, and the experts that stand in the evaluation set. */
export interface Evidence {
  /** All inputs on the data as given, scores included. */
  readonly feeds: Feeds;
  /** By modality. */
  readonly expertColumns: ReadonlyMap<number, ModelOutput>;
}

/** The fusion around one evidence, by what replays it. */
export function frozen(
  graph: Graph,
  evidence: Evidence,
  original: Floats,
  experts: ExpertOutputs | undefined,
  { single, several, known }: Replays,
): FrozenFusion {
  const { gate, runner, reliability, decision } = graph;
  return {
    rows: runner.data.rows.length,
    classes: decision.classes,
    modalities: gate.modalities.map(({ name }) => name),
    decision,
    reliability,
    experts,
    engine: runner.loaded.engine,
    original,
    tolerance: 0,
    replay: async (scores) => (await single(scores)).values,
    predict: async (scores) => {
      const { values, width } = await single(scores);
      return decide(values, width, decision);
    },
    stacked: several && {
      size: several.size,
      replay: async (sets) => (await replaySeveral(sets, several, single)).map(({ values }) => values),
      predict: async (sets) =>
        (await replaySeveral(sets, several, single)).map(({ values, width }) =>
          decide(values, width, decision),
        ),
    },
    withEvidence: async (modality, source) => {
      const move = { inputs: evidenceOf(graph, modality), source };
      if (move.inputs.length === 0) return undefined;
      return refrozen(graph, exchange(graph, evidence, modality, move), known, move);
    },
    close: () => Promise.resolve(),
  };
}

async function replaySeveral(
  sets: readonly Reliability[],
  several: StackedReplay,
  single: Replay,
): Promise<Awaited<ReturnType<Replay>>[]> {
  try {
    return await several.replay(sets);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    // One by one they tell which rows the engine fails on, or do not fail.
    const outputs: Awaited<ReturnType<Replay>>[] = [];
    for (const scores of sets) {
      const { values, width } = await single(scores);
      outputs.push({ values: values.slice(), width });
    }
    return outputs;
  }
}

/**
 * The fusion on exchanged evidence. Its scores stay what they were, also those that the model would compute anew.
 *
 * @param known what the model gives before; undefined where evidence has been exchanged already
 */
async function refrozen(
  graph: Graph,
  evidence: Evidence,
  known: Trace | undefined,
  move: Move,
): Promise<FrozenFusion> {
  const { cut, fused, reliability } = graph;
  const kept = modelExperts(graph.experts);
  const moved = cut && known && (await moveRows({ ...graph, kept }, cut, known, move));
  const trace = moved ?? (await traceOf(graph, evidence.feeds));
  const names = cut ? kept : namedOutputs(graph);
  const outputs = joinedOutputs(graph, trace, names, 'once evidence is exchanged');
  const replays = replaysOf(graph, evidence.feeds, trace);
  const { values } = cut ? await replays.single(reliability) : outputs.get(fused)!;
  const experts = expertsOf(graph, evidence, outputs);
  return frozen(graph, evidence, values, experts, await alsoSeveral(graph, replays));
}

/** One forward pass over all rows of one evidence. */
export function traceOf(
  graph: Pick<Graph, 'runner' | 'fused' | 'experts' | 'cut'>,
  feeds: Feeds,
): Promise<Trace> {
  const { runner, cut } = graph;
  return cut ? runTraced(runner, cut, feeds) : forward(runner, feeds, namedOutputs(graph));
}

/** What a replay runs on one evidence: the suffix, or all of the model where it is not cut. */
export function replaysOf(graph: Graph, feeds: Feeds, trace: Trace): Replays {
  const { runner, cut } = graph;
  const part = cut
    ? { loaded: cut.suffix, feeds: new Map([...feeds, ...trace]) }
    : { loaded: runner.loaded, feeds };
  return { part, single: replayOf(graph, part) };
}

/** The same, of several sets of scores in one call too where that can be. A whole model has enough to do with one. */
export async function alsoSeveral(graph: Graph, replays: Replays): Promise<Replays> {
  const { part, single } = replays;
  return graph.cut ? { ...replays, several: await stackedReplay(graph, part, single) } : replays;
}

/**
 * Outputs of all rows, by name.
 *
 * @throws ConfigurationError when one is not one row an example, or a value is not finite
 */
export function joinedOutputs(
  graph: Pick<Graph, 'runner'>,
  trace: Trace,
  names: readonly string[],
  situation: string,
): ReadonlyMap<string, ModelOutput> {
  const joined = (name: string): ModelOutput => joinOutput(graph.runner, name, trace.get(name)!, situation);
  return new Map(names.map((name) => [name, joined(name)]));
}

/** The outputs of the model that the gate speaks of, each once. */
export function namedOutputs({ fused, experts }: Pick<Graph, 'fused' | 'experts'>): string[] {
  return [...new Set([fused, ...modelExperts(experts)])];
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
      decision,
    }),
  );
}

/** One modality's inputs, but for scores. */
function evidenceOf({ inputs }: Graph, modality: number): FittedInput[] {
  return inputs.filter((input) => input.fills === 'evidence' && input.modality === modality);
}

/** One modality's inputs, and its expert where that is a column, taken from other rows. */
function exchange(graph: Graph, evidence: Evidence, modality: number, { inputs, source }: Move): Evidence {
  const feeds = new Map(evidence.feeds);
  for (const input of inputs) feeds.set(input.info.name, columnFeeds(graph, input, source));
  const expertColumns = new Map(evidence.expertColumns);
  const expert = expertColumns.get(modality);
  if (expert !== undefined) expertColumns.set(modality, takeOutputRows(expert, source));
  return { feeds, expertColumns };
}
