import type { CutModel, Fetched, LoadedModel } from '../loaded-model.ts';
import { columnFeeds, type Columns } from './column-feeds.ts';
import type { Comparison } from './cut-check.ts';
import { fewRows } from './passes.ts';
import { runTraced } from './replays.ts';
import { type Feeds, fetchPasses, type Runner } from './run-passes.ts';
import type { FittedInput } from './score-blocks.ts';

/** What is asked of a model on a few rows. */
export interface FewRowsPlan extends Columns {
  readonly inputs: readonly FittedInput[];
  readonly fused: string;
  /** Outputs of the model: the fused one, and experts. */
  readonly names: readonly string[];
  /** No score is computed inside: what is fed in their place goes through the whole model. */
  readonly takesScores: boolean;
}

/** What the model itself gives for the first rows, and for their evidence with the scores of the last ones. */
export interface FewRows {
  readonly runner: Runner;
  readonly fused: string;
  readonly clean: Sample;
  /** Undefined where the model computes scores itself. */
  readonly other?: Sample;
}

interface Sample {
  readonly feeds: Feeds;
  readonly outputs: ReadonlyMap<string, readonly Fetched[]>;
}

/** Runs the model as it is on a few rows. */
export async function runFewRows(plan: FewRowsPlan, whole: LoadedModel): Promise<FewRows> {
  const { inputs, fused, names, takesScores } = plan;
  const runner = { ...plan.runner, loaded: whole, passes: [fewRows(plan.runner.passes, inputs)] };
  const few = { ...plan, runner };
  const sample = async (feeds: Feeds, fetch: readonly string[]): Promise<Sample> => ({
    feeds,
    outputs: await fetchPasses(runner, feeds, fetch),
  });
  const first = firstRows(runner.passes[0].rows);
  const feeds: Feeds = new Map(inputs.map((input) => [input.info.name, columnFeeds(few, input, first)]));
  const clean = await sample(feeds, names);
  const other = takesScores ? await sample(new Map([...feeds, ...otherScores(few)]), [fused]) : undefined;
  return { runner, fused, clean, other };
}

/** Is the model what was traced and, fed the scores of other rows, what the suffix computes? */
export async function compareFewRows(few: FewRows, cut: CutModel): Promise<Comparison[]> {
  const { runner, fused, clean, other } = few;
  const trace = await runTraced(runner, cut, clean.feeds);
  const compared = [...clean.outputs.keys()].map((name) => comparison(name, trace, clean.outputs));
  if (other === undefined) return compared;
  const feeds = new Map([...other.feeds, ...trace]);
  const replayed = await fetchPasses({ ...runner, loaded: cut.suffix }, feeds, [fused]);
  return [...compared, comparison(fused, replayed, other.outputs)];
}

function comparison(tensor: string, found: Sample['outputs'], wanted: Sample['outputs']): Comparison {
  return { tensor, found: found.get(tensor)![0].values, wanted: wanted.get(tensor)![0].values };
}

export function firstRows(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, i) => i);
}

/** The scores of the very last row for the first one, and so on. */
function otherScores(few: FewRowsPlan): Feeds {
  const last = few.runner.data.rows.length - 1;
  const reversed = firstRows(few.runner.passes[0].rows).map((i) => last - i);
  const scores = few.inputs.filter(({ fills }) => fills !== 'evidence');
  return new Map(scores.map((input) => [input.info.name, columnFeeds(few, input, reversed)]));
}
