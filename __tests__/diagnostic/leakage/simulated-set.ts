import type { CheckedSet } from '../../../src/diagnostic/leakage/checked-scores.ts';
import { randomFor, type Random } from '../../../src/diagnostic/random.ts';
import type { ExpertOutput } from '../../../src/model/frozen-fusion.ts';

/** What a score may be made from: honest ones know no label. */
export interface Example {
  readonly label: number;
  readonly predicted: number;
  readonly isRight: boolean;
  /** Largest probability of the expert. */
  readonly confidence: number;
  /** Posterior of the expert [C]. */
  readonly posterior: readonly number[];
  readonly random: Random;
}

export type Score = (example: Example) => number;

export interface Setting {
  readonly rows?: number;
  readonly classes?: number;
  readonly modalities?: number;
  /** Shares of the first class and of all others together. Default: all alike. */
  readonly firstClass?: number;
}

/** Experts that are right on 65 % of the examples, with posteriors of varying sharpness, and scores beside them. */
export function simulatedSet(seed: number, score: Score, setting: Setting = {}): CheckedSet {
  const { rows = 300, classes = 2, modalities = 2, firstClass = 1 / classes } = setting;
  const random = randomFor('leakage', seed);
  const labels = Int32Array.from({ length: rows }, () =>
    random() < firstClass ? 0 : 1 + Math.floor(random() * (classes - 1)),
  );
  const sets = Array.from({ length: modalities }, () => {
    const expert = simulatedExpert(labels, classes, random);
    return { expert, values: scoresOf(expert, labels, classes, score, random) };
  });
  return {
    modalities: sets.map((_, m) => `m${m}`),
    reliability: sets.map(({ values }) => ({ width: 1, values })),
    experts: sets.map(({ expert }) => expert),
    withoutScores: simulatedExpert(labels, classes, random),
    labels,
    classes,
  };
}

function simulatedExpert(labels: Int32Array, classes: number, random: Random): Required<ExpertOutput> {
  const predicted = labels.map((label) =>
    random() < 0.65 ? label : (label + 1 + Math.floor(random() * (classes - 1))) % classes,
  );
  const posteriors = Array.from(predicted, (said) => {
    const most = 1 / classes + (1 - 1 / classes) * (0.05 + 0.9 * random());
    const others = Array.from({ length: classes }, (_, c) => (c === said ? 0 : 0.9 + 0.1 * random()));
    const sum = others.reduce((a, b) => a + b, 0);
    return others.map((share, c) => (c === said ? most : (share / sum) * (1 - most)));
  });
  return { classes: predicted, posteriors: Float64Array.from(posteriors.flat()) };
}

function scoresOf(
  expert: Required<ExpertOutput>,
  labels: Int32Array,
  classes: number,
  score: Score,
  random: Random,
): Float64Array {
  return Float64Array.from(labels, (label, i) => {
    const predicted = expert.classes[i];
    const posterior = [...expert.posteriors.subarray(i * classes, (i + 1) * classes)];
    const confidence = Math.max(...posterior);
    return score({ label, predicted, isRight: predicted === label, confidence, posterior, random });
  });
}

/** A standard normal number (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
