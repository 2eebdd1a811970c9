import { exampleCount, type MetricRow, type Need, type PerExample } from './metric.ts';

/** `perExample` and `prepare` of a metric that is the weighted mean of what each example adds. */
export function meanOfExamples<N extends Need>(
  contributions: PerExample<N>['contributions'],
  counted?: PerExample<N>['counted'],
): Pick<MetricRow<N>, 'perExample' | 'prepare'> {
  return {
    perExample: { meanOver: 'examples', contributions, ...(counted && { counted }) },
    prepare: (targets) => {
      const scratch = new Float64Array(exampleCount(targets));
      const rows = counted?.(targets);
      return (predictions, weights) =>
        weightedMean(contributions(targets, predictions, scratch), weights, rows);
    },
  };
}

/**
 * Mean of `values` [N] over the rows that count.
 *
 * @param counted [N], 1 where the row counts; default: all do
 * @returns null where the weights sum to 0
 */
export function weightedMean(
  values: Float64Array,
  weights?: Float64Array,
  counted?: Uint8Array,
): number | null {
  if (weights === undefined && counted === undefined) return plainMean(values);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    if (counted?.[i] === 0) continue;
    const weight = weights ? weights[i] : 1;
    sum += weight * values[i];
    total += weight;
  }
  return total === 0 ? null : sum / total;
}

function plainMean(values: Float64Array): number | null {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return values.length === 0 ? null : sum / values.length;
}
