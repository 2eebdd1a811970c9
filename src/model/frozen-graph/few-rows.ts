import type { CutModel } from '../loaded-model.ts';
import { columnFeeds, type Columns } from './column-feeds.ts';
import type { Comparison } from './cut-check.ts';
import { fewRows } from './passes.ts';
import { runTraced } from './replays.ts';
import { type Feeds, fetchPasses } from './run-passes.ts';
import type { FittedInput } from './score-blocks.ts';

/** What is asked of a model in two parts, and of the model. */
export interface FewRowsPlan extends Columns {
  readonly inputs: readonly FittedInput[];
  readonly fused: string;
  /** Outputs of the model: the fused one, and experts. */
  readonly names: readonly string[];
}

/**
 * Runs the model itself on a few rows: is it what was traced and, fed the scores of other rows, what the suffix computes?
 *
 * The others are of the last rows, the very last one first. Scores that the model computes itself cannot be exchanged in it.
 */
export async function compareFewRows(
  plan: FewRowsPlan,
  cut: CutModel,
  hasInside: boolean,
): Promise<Comparison[]> {
  const { inputs, fused, names } = plan;
  const few = { ...plan, runner: { ...plan.runner, passes: [fewRows(plan.runner.passes, inputs)] } };
  const feeds: Feeds = new Map(inputs.map((input) => [input.info.name, columnFeeds(few, input)]));
  const whole = await fetchPasses({ ...few.runner, loaded: cut.whole }, feeds, names);
  const trace = await runTraced(few.runner, cut, feeds);
  const compared = names.map((name) => ({
    tensor: name,
    found: trace.get(name)![0].values,
    wanted: whole.get(name)![0].values,
  }));
  if (hasInside) return compared;
  const other = new Map([...feeds, ...otherScores(few)]);
  const wanted = await fetchPasses({ ...few.runner, loaded: cut.whole }, other, [fused]);
  const found = await fetchPasses({ ...few.runner, loaded: cut.suffix }, new Map([...other, ...trace]), [
    fused,
  ]);
  const [{ values }] = found.get(fused)!;
  return [...compared, { tensor: fused, found: values, wanted: wanted.get(fused)![0].values }];
}

function otherScores(few: FewRowsPlan): Feeds {
  const { length } = few.runner.data.rows;
  const reversed = Uint32Array.from({ length }, (_, i) => length - 1 - i);
  const scores = few.inputs.filter(({ fills }) => fills !== 'evidence');
  return new Map(scores.map((input) => [input.info.name, columnFeeds(few, input, reversed)]));
}
