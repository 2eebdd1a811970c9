import type { RuleName } from '../src/config/schema.ts';
import { normalCdf, normalQuantile } from '../src/diagnostic/normal-distribution.ts';
import type { Random } from '../src/diagnostic/random.ts';
import type { CachedExpert } from '../src/model/cached-experts/expert-columns.ts';
import type { Reliability } from '../src/model/frozen-fusion.ts';

/** Where examples come from: all that is true of them is known. */
export interface Population {
  readonly rule: RuleName;
  /** Share of each class [C]. */
  readonly classes: readonly number[];
  /** How often each expert is right. */
  readonly accuracy: number;
  /** AUROC of each modality's score as a predictor of its expert being right [M]; 0.5 is noise. */
  readonly auroc: readonly number[];
  /** Scores on a scale, or one of two values. */
  readonly scores: 'smooth' | 'two-valued';
  /** How much of a smooth score's noise the modalities of a row have in common, as a correlation. Default: none. */
  readonly shared?: number;
  /**
   * Share of the examples on which exactly one expert is right; on all others every one is. Default: each errs on its own,
   * as `accuracy` says.
   */
  readonly contested?: number;
}

/** Metrics of classes, a count of each kind and one that is no mean. */
export type StudiedMetric = 'accuracy' | 'balanced-accuracy' | 'auroc';

/** A sample of a population. */
export interface DataSet {
  /** True classes [N]. */
  readonly labels: Int32Array;
  readonly experts: readonly CachedExpert[];
  readonly reliability: Reliability;
}

/** @param random of this data set alone */
export function sample(population: Population, rows: number, random: Random): DataSet {
  const { auroc, classes } = population;
  const labels = new Int32Array(rows);
  const posteriors = auroc.map(() => new Float64Array(rows * classes.length));
  const scores = auroc.map(() => new Float64Array(rows));
  for (let i = 0; i < rows; i++) {
    labels[i] = pick(classes, random);
    const right = rightness(population, random);
    const common = normal(random);
    auroc.forEach((area, m) => {
      speak(posteriors[m], i, { label: labels[i], isRight: right[m], classes: classes.length }, random);
      scores[m][i] = scoreOf(population, area, right[m], common, random);
    });
  }
  return {
    labels,
    experts: posteriors.map((values) => ({ kind: 'probabilities', width: classes.length, values })),
    reliability: scores.map((values) => ({ width: 1, values })),
  };
}

function pick(shares: readonly number[], random: Random): number {
  let left = random();
  const at = shares.findIndex((share) => (left -= share) < 0);
  return at === -1 ? shares.length - 1 : at;
}

/** Which experts are right on an example [M]. */
function rightness({ accuracy, auroc, contested }: Population, random: Random): boolean[] {
  if (contested === undefined) return auroc.map(() => random() < accuracy);
  const isContested = random() < contested;
  const winner = Math.floor(random() * auroc.length);
  return auroc.map((_, m) => !isContested || m === winner);
}

/** Writes row i of an expert's posteriors: the largest is that of the class it takes the example for. */
function speak(
  posteriors: Float64Array,
  i: number,
  { label, isRight, classes }: { label: number; isRight: boolean; classes: number },
  random: Random,
): void {
  const other = (label + 1 + Math.floor(random() * (classes - 1))) % classes;
  const said = isRight ? label : other;
  const most = 1 / classes + (1 - 1 / classes) * (0.2 + 0.8 * random());
  for (let c = 0; c < classes; c++) {
    posteriors[i * classes + c] = c === said ? most : (1 - most) / (classes - 1);
  }
}

/** The two values of a score that has two. */
const [LOW, HIGH] = [0.2, 0.8];

/**
 * A score between 0 and 1. A smooth one is of two normal distributions with the same spread, so far apart that the AUROC is
 * Phi(distance / sqrt 2); one of two values is the high one with probability AUROC where the expert is right, and with
 * 1 - AUROC where it is wrong.
 */
function scoreOf(
  { scores, shared = 0 }: Population,
  area: number,
  isRight: boolean,
  common: number,
  random: Random,
): number {
  if (scores === 'two-valued') return random() < (isRight ? area : 1 - area) ? HIGH : LOW;
  const distance = area === 0.5 ? 0 : Math.SQRT2 * normalQuantile(area);
  const noise = Math.sqrt(shared) * common + Math.sqrt(1 - shared) * normal(random);
  return normalCdf(noise + (isRight ? distance / 2 : -distance / 2));
}

/** Standard normal (Box and Muller 1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
