import { singleScores, type CheckedSet, type SingleScore } from './checked-scores.ts';
import type { LeakageFinding } from './finding.ts';

/** Fewest examples to say anything of how scores are spread. */
const FEWEST = 30;
/** Smallest share of scores that differ from all others: what is rounded, or counted, lies on 0 and 1 by itself. */
const MOSTLY_DISTINCT = 0.9;
/** Share of the range by which a rank that was computed in float32 may be off. */
const SLACK = 1e-5;

/**
 * Scores that look scaled by the evaluated examples themselves: by their smallest and largest value, or to their ranks.
 *
 * A score of a continuous kind is exactly 0 or 1 with probability 0. One that is cut off at 0 and 1 has many examples there,
 * or none; one that is scaled by its extremes has *one* at each end, and so is only that found. It can mislead where a
 * score is cut off so rarely that a single example is at either end: with probability 1/e^2 = 0.14 at worst, when one at each
 * is to be expected. Ranks lie evenly spaced, which independent scores never do.
 */
export function scaledOnTest(set: CheckedSet): LeakageFinding[] {
  return singleScores(set).flatMap((score) => {
    const how = howScaled(score);
    if (how === undefined) return [];
    const { min, max, distinct } = how;
    return {
      check: 'test-scaled',
      modality: set.modalities[score.modality],
      severity: 'warning',
      numbers: { min, max, distinctScores: distinct },
      sentence: `${score.name} ${how.what}, so it looks scaled on this evaluation set: the score of an example then depends on all others, as it cannot in use. Scale by what is known from training.`,
    };
  });
}

interface Scaling {
  readonly what: string;
  readonly min: number;
  readonly max: number;
  readonly distinct: number;
}

function howScaled({ values }: SingleScore): Scaling | undefined {
  const sorted = values.toSorted();
  const [min, max] = [sorted[0], sorted[sorted.length - 1]];
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]).length;
  if (sorted.length < FEWEST || distinct < MOSTLY_DISTINCT * sorted.length) return undefined;
  if (areEvenlySpaced(sorted)) {
    return { what: `has evenly spaced values, as ranks have (${distinct} of them)`, min, max, distinct };
  }
  if (min !== 0 || max !== 1 || sorted[1] === 0 || sorted[sorted.length - 2] === 1) return undefined;
  return {
    what: `is exactly 0 on one example, exactly 1 on one, and between them on all others (${distinct} different values)`,
    min,
    max,
    distinct,
  };
}

/** @param sorted ascending */
function areEvenlySpaced(sorted: Float64Array): boolean {
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  const step = (last - first) / (sorted.length - 1);
  return sorted.every((value, i) => Math.abs(value - (first + i * step)) <= SLACK * (last - first));
}
