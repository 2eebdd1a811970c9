import type { ExpertOutput } from '../../model/frozen-fusion.ts';
import { isConstant, spearman } from '../alignment.ts';
import { logArrangements } from '../arrangements.ts';
import { normalCdf } from '../normal-distribution.ts';
import { singleScores, type CheckedSet, type SingleScore } from './checked-scores.ts';
import { FALSE_ALARMS, type LeakageFinding } from './finding.ts';
import { monotoneDirection } from './monotone.ts';
import { summariesOf } from './prediction-summaries.ts';

/** Fewest examples on which "no pair of them disagrees" is more than luck for a score that goes with the prediction. */
const FEWEST = 30;

/** A prediction that a score may be a function of. */
interface Source {
  /** Completes "a function of ...". */
  readonly whose: string;
  readonly output: ExpertOutput;
}

/** What a score is found to do. */
interface Found {
  /** Completes "The score of audio ...". */
  readonly what: string;
  readonly numbers: LeakageFinding['numbers'];
}

/**
 * Scores that are a function of the prediction they are to weigh: of their own expert's, or of the model's without scores.
 *
 * A shuffle separates such a score from its example, and the model may notice; yet the score knows nothing that the
 * prediction does not say. The permutation test then speaks of the sharp null alone: *no* prediction depends on which example
 * a score belongs to.
 *
 * Exact agreement is asked for, so that a score that merely goes with a confidence is none. That chance alone gives as much is
 * ruled out at the level `FALSE_ALARMS` over all scores and questions.
 */
export function predictionInScore(set: CheckedSet): LeakageFinding[] {
  if (set.labels.length < FEWEST) return [];
  const scores = singleScores(set);
  return scores.flatMap((score) => {
    if (isConstant(score.values)) return [];
    const found = firstFound(score, set, scores.length);
    return found === undefined
      ? []
      : {
          check: 'prediction',
          modality: set.modalities[score.modality],
          severity: 'warning',
          numbers: found.numbers,
          sentence: `${score.name} ${found.what}. It knows nothing that this prediction does not say, so a gap shows that the model reads the score (the test speaks of the sharp null alone), not that the score knows how far an example can be trusted.`,
        };
  });
}

function firstFound(score: SingleScore, set: CheckedSet, scores: number): Found | undefined {
  const expert = set.experts?.[score.modality];
  const sources: Source[] = [
    ...(expert === undefined ? [] : [{ whose: 'its expert', output: expert }]),
    { whose: 'the model without scores', output: set.withoutScores },
  ];
  // At most: both sources, each with the class and three summaries, each summary in two directions.
  const level = FALSE_ALARMS / (scores * 2 * 7);
  for (const source of sources) {
    const found = byClass(score, source, level) ?? byPosterior(score, source, set.classes, level);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * One and the same score wherever the same class is predicted. Of all arrangements of the scores, as good as equally likely
 * if they have nothing to do with the classes, at most (distinct scores) ^ (predicted classes) are of this kind.
 */
function byClass({ values }: SingleScore, { whose, output }: Source, level: number): Found | undefined {
  const scoreOf = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const before = scoreOf.get(output.classes[i]);
    if (before !== undefined && before !== values[i]) return undefined;
    scoreOf.set(output.classes[i], values[i]);
  }
  const distinct = new Set(scoreOf.values()).size;
  const ways = logArrangements([{ width: 1, values }], 'joint');
  if (scoreOf.size * Math.log(distinct) - ways > Math.log(level)) return undefined;
  return {
    what: `is one and the same on all examples for which ${whose} predicts the same class (${distinct} different scores, ${scoreOf.size} predicted classes)`,
    numbers: { distinctScores: distinct, predictedClasses: scoreOf.size },
  };
}

/** A monotone function of what the posterior comes to, with a rank correlation that is no chance. */
function byPosterior(
  { values }: SingleScore,
  { whose, output: { posteriors } }: Source,
  classes: number,
  level: number,
): Found | undefined {
  if (posteriors === undefined) return undefined;
  for (const { name, values: summary } of summariesOf(posteriors, classes)) {
    const direction = monotoneDirection(summary, values);
    const rho = direction === 0 ? null : spearman(summary, values);
    // Under independence rho sqrt(N - 1) is about standard normal (Hotelling and Pabst 1936).
    if (rho === null || normalCdf(-Math.abs(rho) * Math.sqrt(values.length - 1)) > level) continue;
    return {
      what: `is a function of the prediction of ${whose}: it ${direction === 1 ? 'rises' : 'falls'} with ${name} on every pair of examples (Spearman ${rho.toFixed(4)})`,
      numbers: { spearman: rho },
    };
  }
  return undefined;
}
