import type { GateConfig } from './config/gate-config.ts';
import { areAllSame, effectiveSize, wholeWeights } from './diagnostic/example-weights.ts';
import type { Structure } from './diagnostic/examples.ts';
import type { EvaluatedRows } from './evaluation-set/evaluated-rows.ts';
import { readWeights } from './evaluation-set/row-weights.ts';
import { ConfigurationError } from './foundation/errors.ts';
import type { GateReport } from './report/gate-report.ts';
import { quantity } from './report/numbers.ts';

/** How much the examples of a gate count. */
export interface GateWeights extends Pick<Structure, 'weights'> {
  /** As the report has them; undefined where the gate names none. */
  readonly said: GateReport['evaluationSet']['weights'];
  /** What the user should know of it. */
  readonly warnings: readonly string[];
}

/**
 * The weights of the evaluated examples. Weights that are all the same are none: numbers are then what they are without, to the
 * last bit.
 *
 * @throws ConfigurationError where they are no weights, or no example of a fold counts
 */
export async function weightsOf(
  { columns }: GateConfig,
  data: EvaluatedRows,
  { folds }: Pick<Structure, 'folds'>,
): Promise<GateWeights> {
  const { weight: column } = columns;
  if (column === undefined) return { said: undefined, warnings: [] };
  const given = await readWeights(data, column);
  if (areAllSame(given)) {
    return { said: { column, effectiveSize: given.length }, warnings: [] };
  }
  const weights = wholeWeights(given);
  if (folds) refuseWeightlessFolds(column, weights, folds);
  const size = effectiveSize(weights);
  return {
    weights,
    said: { column, effectiveSize: size },
    warnings: warningsOf(column, size, weights.length),
  };
}

/** A metric is a mean over folds, and has no value in one where nothing counts. */
function refuseWeightlessFolds(
  column: string,
  weights: Float64Array,
  { of, names }: NonNullable<Structure['folds']>,
): void {
  const totals = new Float64Array(names.length);
  weights.forEach((weight, i) => (totals[of[i]] += weight));
  const empty = totals.indexOf(0);
  if (empty === -1) return;
  throw new ConfigurationError(
    `The weight column "${column}" is 0 in all evaluated rows of ${names[empty]}, and metrics are means over folds: in each some example must count. Give it weights, or leave the fold out.`,
  );
}

function warningsOf(column: string, size: number, examples: number): string[] {
  if (size >= examples / 2) return [];
  return [
    `With the weights in "${column}" these ${quantity(examples)} examples are worth ${size.toFixed(1)} of equal weight (Kish's effective sample size), fewer than half: a few heavy examples decide much of the gap, and its interval is wide.`,
  ];
}
