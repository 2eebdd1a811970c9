import type { ExpertKind, OutputKind } from '../../config/gate-config.ts';
import { posteriors } from '../decision.ts';
import type { Reads } from './rules.ts';

/** One expert's cached output: [N * width], width 1 or C. */
export interface CachedExpert {
  readonly kind: ExpertKind | OutputKind;
  readonly width: number;
  readonly values: Float64Array;
}

/** What a rule reads of an expert: values as they are, else what its row in the table says. */
export function columnsFor(reads: Reads, expert: CachedExpert, epsilon: number): CachedExpert['values'] {
  const { width, values } = expert;
  if (expert.kind === 'value') return values;
  if (reads === 'beliefs') return expertPosteriors(expert);
  if (reads === 'probabilities') {
    if (expert.kind === 'probabilities') return values;
    const wide = expertPosteriors(expert);
    return width === 1 ? wide.filter((_, i) => i % 2 === 1) : wide;
  }
  if (expert.kind === 'logits') return values;
  const clip = (p: number) => Math.min(1 - epsilon, Math.max(epsilon, p));
  if (width === 1) return values.map((p) => Math.log(clip(p) / (1 - clip(p))));
  return expertPosteriors(expert).map((p) => Math.log(clip(p)));
}

/** Posteriors [N * C]. Evidence e is shared out as e / sum e: equally where there is none. */
export function expertPosteriors({ kind, width, values }: CachedExpert): Float64Array {
  if (kind === 'value') throw new Error('Values have no posteriors.');
  if (kind !== 'evidence') return posteriors(values, width, kind)!;
  const result = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += width) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += values[start + c];
    for (let c = 0; c < width; c++) result[start + c] = sum > 0 ? values[start + c] / sum : 1 / width;
  }
  return result;
}
