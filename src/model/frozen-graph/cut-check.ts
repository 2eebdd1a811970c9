import type { Floats } from '../decision.ts';

/** Two ways to compute a tensor. */
export interface Comparison {
  readonly tensor: string;
  readonly found: Floats;
  readonly wanted: Floats;
}

/** How far a model in two parts is from the model. */
export interface CutCheck {
  /** The largest |difference|, as one of the fused output. */
  readonly difference: number;
  /** What the engine may leave: 0 where it left nothing. */
  readonly tolerance: number;
}

/**
 * How far apart the two ways are. Differences in an expert are scaled as if it were as large as the fused output.
 *
 * @param largest by tensor its largest |value| over all rows
 * @param tolerance largest difference, relative to the largest value, that may be left
 */
export function checkCut(
  compared: readonly Comparison[],
  largest: (tensor: string) => number,
  fused: string,
  tolerance: number,
): CutCheck {
  const relative = compared.map(({ tensor, found, wanted }) => {
    const difference = largestDifference(found, wanted);
    return difference === 0 ? 0 : difference / largest(tensor);
  });
  const difference = Math.max(...relative) * largest(fused);
  return { difference, tolerance: difference === 0 ? 0 : tolerance * largest(fused) };
}

export function largestValue(values: Floats): number {
  return largestDifference(values, new Float32Array(values.length));
}

export function largestDifference(found: Floats, wanted: Floats): number {
  if (found.length !== wanted.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < found.length; i++) largest = Math.max(largest, Math.abs(found[i] - wanted[i]));
  return largest;
}
