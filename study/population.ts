import type { RuleName } from '../src/config/schema.ts';
import { normalCdf, normalQuantile } from '../src/diagnostic/normal-distribution.ts';
import type { Structure } from '../src/diagnostic/examples.ts';
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
  /** Examples come from subjects. Default: each is on its own. */
  readonly subjects?: Subjects;
}

/** Each expert is better than its accuracy on half of the subjects, chosen for itself, and worse on the others. */
export interface Subjects {
  /** Examples of each. */
  readonly rows: number;
  /**
   * `example`: a score tells on which subjects its expert is good, and what `auroc` says is how well it tells right from wrong within
   * one. `subject`: all rows of a subject have the same score, and what `auroc` says is how well that tells good subjects from bad ones.
   */
  readonly score: 'example' | 'subject';
}

/** Metrics of classes, a count of each kind and one that is no mean. */
export type StudiedMetric = 'accuracy' | 'balanced-accuracy' | 'auroc';

/** A sample of a population. */
export interface DataSet {
  /** True classes [N]. */
  readonly labels: Int32Array;
  readonly experts: readonly CachedExpert[];
  readonly reliability: Reliability;
  /** Subject of each row [N], where there are subjects. */
  readonly subjects?: Int32Array;
}

/** What the program is told of a data set's subjects: `columns.block`, and `move: blocks` where scores belong to them. */
export function structureOf({ subjects }: Population, data: DataSet): Structure {
  if (!subjects || !data.subjects) return {};
  const clusters = data.subjects;
  return subjects.score === 'subject' ? { clusters, whole: clusters } : { clusters, within: clusters };
}

/** @param random of this data set alone */
export function sample(population: Population, rows: number, random: Random): DataSet {
  const { auroc, classes, subjects } = population;
  const labels = new Int32Array(rows);
  const posteriors = auroc.map(() => new Float64Array(rows * classes.length));
  const scores = auroc.map(() => new Float64Array(rows));
  let subject: Subject | undefined;
  for (let i = 0; i < rows; i++) {
    if (subjects && i % subjects.rows === 0) subject = meet(population, random);
    labels[i] = pick(classes, random);
    const right = rightness(population, subject, random);
    const common = normal(random);
    auroc.forEach((area, m) => {
      speak(posteriors[m], i, { label: labels[i], isRight: right[m], classes: classes.length }, random);
      scores[m][i] =
        subject?.scores[m] ?? scoreOf(population, area, right[m], common, random, subject?.lift[m]);
    });
  }
  return {
    labels,
    experts: posteriors.map((values) => ({ kind: 'probabilities', width: classes.length, values })),
    reliability: scores.map((values) => ({ width: 1, values })),
    ...(subjects && { subjects: labels.map((_, i) => Math.floor(i / subjects.rows)) }),
  };
}

/** By how much an expert is better, or worse, on a subject than on all of them. */
const SKILL = 0.15;
/** By how much scores of a subject are higher, or lower, in standard deviations of what they vary by within it. */
const LIFT = 0.5;

interface Subject {
  /** Where each expert is good, and where it is not [M]. */
  readonly isGood: readonly boolean[];
  /** What that does to its score [M]. */
  readonly lift: readonly number[];
  /** The scores of all its rows [M]; none where each row has its own. */
  readonly scores: readonly number[];
}

function meet(population: Population, random: Random): Subject {
  const { auroc, subjects } = population;
  const isGood = auroc.map(() => random() < 0.5);
  return {
    isGood,
    lift: isGood.map((good) => (good ? LIFT : -LIFT)),
    scores:
      subjects?.score === 'subject'
        ? auroc.map((area, m) => scoreOf(population, area, isGood[m], normal(random), random))
        : [],
  };
}

function pick(shares: readonly number[], random: Random): number {
  let left = random();
  const at = shares.findIndex((share) => (left -= share) < 0);
  return at === -1 ? shares.length - 1 : at;
}

/** Which experts are right on an example [M]. */
function rightness(
  { accuracy, auroc, contested }: Population,
  subject: Subject | undefined,
  random: Random,
): boolean[] {
  const skill = (m: number): number => (subject ? (subject.isGood[m] ? SKILL : -SKILL) : 0);
  if (contested === undefined) return auroc.map((_, m) => random() < accuracy + skill(m));
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
  lift = 0,
): number {
  if (scores === 'two-valued') return random() < (isRight ? area : 1 - area) ? HIGH : LOW;
  const distance = area === 0.5 ? 0 : Math.SQRT2 * normalQuantile(area);
  const noise = Math.sqrt(shared) * common + Math.sqrt(1 - shared) * normal(random);
  return normalCdf(noise + lift + (isRight ? distance / 2 : -distance / 2));
}

/** Standard normal (Box and Muller 1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
