import { takeRows, type NumberColumn } from '../../evaluation-set/evaluation-set.ts';
import type { Feed } from '../loaded-model.ts';
import { feedsOf } from './feeds.ts';
import { inputValues } from './input-values.ts';
import type { Runner } from './run-passes.ts';
import type { FittedInput } from './score-blocks.ts';

/** The columns that fill inputs, and the passes they are fed in. */
export interface Columns {
  readonly columns: ReadonlyMap<string, NumberColumn>;
  readonly runner: Runner;
}

/** A column as feeds of its input: of the rows as they are, or of other ones in their place. */
export function columnFeeds(
  { columns, runner }: Columns,
  { info, column, batchAxis, fit }: FittedInput,
  source?: Uint32Array,
): Feed[] {
  const given = columns.get(column)!;
  const { values } = source === undefined ? given : takeRows(given, source);
  const block = { values: inputValues(values, info, column, runner.data), row: fit.row, batchAxis };
  return feedsOf(block, runner.passes);
}
