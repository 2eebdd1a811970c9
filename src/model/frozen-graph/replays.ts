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
  return forward(
    { ...runner, loaded: traced },
    feeds,
    traced.outputs.map(({ name }) => name),
  );
}

/** The same of a model that is not cut. What takes several passes may take long, and is announced. */
export async function forward(runner: Runner, feeds: Feeds, fetch: readonly string[]): Promise<Trace> {
  const { logger, passes } = runner;
  if (passes.length === 1) return fetchPasses(runner, feeds, fetch);
  const progress = logger.progress('Forward passes', passes.length);
  try {
    return await fetchPasses(runner, feeds, fetch, progress);
  } finally {
    progress.done();
  }
}

/** What a replay runs, and what is fed to it besides scores. */
export interface FrozenPart {
  readonly loaded: LoadedModel;
  readonly feeds: Feeds;
}

export function replayOf(plan: ReplayPlan, { loaded, feeds }: FrozenPart): Replay {
  const { gate, runner, slots, fused } = plan;
  return async (scores) => {
    const fed = new Map([...feeds, ...scoreFeeds(gate, slots, scores, runner.passes)]);
    const [output] = await runPasses({ ...runner, loaded }, fed, [fused], 'once its scores are changed');
    return output;
  };
}
