import type { GateConfig } from '../../config/gate-config.ts';
import type { Reliability } from '../frozen-fusion.ts';
import type { CutModel, Fetched, LoadedModel } from '../loaded-model.ts';
import { fetchPasses, type Feeds, type ModelOutput, type Runner, runPasses } from './run-passes.ts';
import { scoreFeeds, type ScoreSlot } from './score-blocks.ts';

/** What a model gives on one evidence, inside too: by tensor one result for each pass, in which rows need no axis. */
export type Trace = ReadonlyMap<string, readonly Fetched[]>;

/** Fused outputs for some scores, on one evidence. */
export type Replay = (scores: Reliability) => Promise<ModelOutput>;

/** Where scores go, and what is asked for. */
export interface ReplayPlan {
  readonly gate: GateConfig;
  readonly runner: Runner;
  readonly slots: readonly ScoreSlot[];
  readonly fused: string;
}

/** One forward pass over all rows: once for each evidence. */
export function runTraced(runner: Runner, { traced }: CutModel, feeds: Feeds): Promise<Trace> {
  return fetchPasses(
    { ...runner, loaded: traced },
    feeds,
    traced.outputs.map(({ name }) => name),
  );
}

/** Replays what depends on the scores. */
export function replaySuffix(plan: ReplayPlan, { suffix }: CutModel, feeds: Feeds, trace: Trace): Replay {
  return replay(plan, suffix, new Map([...feeds, ...trace]));
}

/** Replays all of the model. */
export function replayWhole(plan: ReplayPlan, feeds: Feeds): Replay {
  return replay(plan, plan.runner.loaded, feeds);
}

function replay({ gate, runner, slots, fused }: ReplayPlan, loaded: LoadedModel, frozen: Feeds): Replay {
  return async (scores) => {
    const feeds = new Map([...frozen, ...scoreFeeds(gate, slots, scores, runner.passes)]);
    const [output] = await runPasses({ ...runner, loaded }, feeds, [fused], 'once its scores are changed');
    return output;
  };
}
