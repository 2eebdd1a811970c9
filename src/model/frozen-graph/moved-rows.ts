import type { Floats } from '../decision.ts';
import type { CutModel, Fetched } from '../loaded-model.ts';
import { columnFeeds, type Columns } from './column-feeds.ts';
import { FLOATS } from './computed-scores.ts';
import { largestDifference, largestValue } from './cut-check.ts';
import { firstRows } from './few-rows.ts';
import { fewRows, type Pass } from './passes.ts';
import { runTraced, type Trace } from './replays.ts';
import type { Feeds } from './run-passes.ts';
import type { FittedInput, ScoreSlot } from './score-blocks.ts';

/** Some inputs take the values of other rows. */
export interface Move {
  readonly inputs: readonly FittedInput[];
  /** By row: the one whose values it takes. */
  readonly source: Uint32Array;
}

export interface MovePlan extends Columns {
  readonly inputs: readonly FittedInput[];
  /** Where scores are fed: they stay what they were. */
  readonly slots: readonly ScoreSlot[];
  /** Outputs of the model that are wanted besides what the suffix needs. */
  readonly kept: readonly string[];
}

/**
 * What the model would give if some inputs took the values of other rows, without running it: where a tensor is computed
 * from these inputs alone, its rows move with them, and where from none of them, it stays.
 *
 * That rows do not look at each other is tried on a few.
 *
 * @param known what it gives on the data as given
 * @returns undefined where a tensor is computed from these inputs and others, or rows look at each other
 */
export async function moveRows(
  plan: MovePlan,
  cut: CutModel,
  known: Trace,
  move: Move,
): Promise<Trace | undefined> {
  const { passes } = plan.runner;
  const own = new Set(move.inputs.map(({ info }) => info.name));
  const moving = movingTensors(plan, cut, known, own);
  if (moving === undefined || !(await areApart(plan, cut, moving, move.inputs))) return undefined;
  const moved = moving.map((name) => [name, takeRows(known.get(name)!, passes, move.source)] as const);
  return new Map([...known, ...moved]);
}

/** Those that are computed from these inputs; undefined where one cannot move. */
function movingTensors(
  { kept, runner, slots }: MovePlan,
  { traced, suffix, sources }: CutModel,
  known: Trace,
  own: ReadonlySet<string>,
): string[] | undefined {
  if (sources === undefined) return undefined;
  const scores = slots.map(({ info }) => info.name);
  const frontier = suffix.inputs.filter(({ name }) => known.has(name) && !scores.includes(name));
  const needed = [...frontier.map(({ name }) => name), ...kept];
  const isOwn = (name: string): boolean => own.has(name);
  const moving = needed.filter((name) => [...sources.get(name)!].some(isOwn));
  const canMove = moving.every((name) => {
    const { dtype } = traced.outputs.find((it) => it.name === name)!;
    const hasRows = known.get(name)!.every(({ shape }, i) => shape[0] === runner.passes[i].size);
    return [...sources.get(name)!].every(isOwn) && FLOATS.includes(dtype) && hasRows;
  });
  return canMove ? [...new Set(moving)] : undefined;
}

/** Gives every second one of a few rows the values of the row before, and looks whether all is as if its rows had moved. */
async function areApart(
  plan: MovePlan,
  cut: CutModel,
  moving: readonly string[],
  exchanged: readonly FittedInput[],
): Promise<boolean> {
  const pass = fewRows(plan.runner.passes, plan.inputs);
  const few = { ...plan, runner: { ...plan.runner, passes: [pass] } };
  const first = firstRows(pass.rows);
  const source = first.map((i) => i - (i % 2));
  const feeds: Feeds = new Map(plan.inputs.map((input) => [input.info.name, columnFeeds(few, input, first)]));
  const other = exchanged.map((input) => [input.info.name, columnFeeds(few, input, source)] as const);
  const before = await runTraced(few.runner, cut, feeds);
  const after = await runTraced(few.runner, cut, new Map([...feeds, ...other]));
  return moving.every((name) => {
    const [{ values: wanted }] = takeRows(before.get(name)!, [pass], source);
    const [{ values: found }] = after.get(name)!;
    return largestDifference(found, wanted) <= cut.tolerance * largestValue(wanted);
  });
}

/** The rows of all passes in another order; one that is filled up is filled up with its last row again. */
function takeRows(parts: readonly Fetched[], passes: readonly Pass[], source: Uint32Array): Fetched[] {
  const step = passes[0].rows;
  const width = parts[0].values.length / passes[0].size;
  return passes.map(({ start, rows, size }, index) => {
    const { shape, values } = parts[index];
    const taken = new (values.constructor as new (length: number) => Floats)(values.length);
    for (let i = 0; i < size; i++) {
      const row = source[start + Math.min(i, rows - 1)];
      const from = (row % step) * width;
      taken.set(parts[Math.floor(row / step)].values.subarray(from, from + width), i * width);
    }
    return { shape, values: taken };
  });
}
