import type { ExpertOutput } from '../../model/frozen-fusion.ts';
import { normalCdf } from '../normal-distribution.ts';
import { nameOfClass, singleScores, type CheckedSet, type SingleScore } from './checked-scores.ts';
import { FALSE_ALARMS, type LeakageFinding } from './finding.ts';
import { rankSums, type ClassRanks } from './rank-sums.ts';

/**
 * Smallest AUROC that matters: a large effect by Cohen's convention (1988), two normal distributions that lie 0.8 standard
 * deviations apart, whose AUROC is the normal distribution function of 0.8 / sqrt 2, 0.714. Classes that are merely recorded
 * under somewhat different conditions stay below it.
 */
export const LARGE_AUROC = normalCdf(0.8 / Math.SQRT2);

/** Fewest examples of a class, and of the rest, for which the normal approximation of a rank sum is used. */
const FEWEST = 10;

/** How well a score tells a class from the rest where its expert is right, and where it is wrong. */
interface Told {
  readonly label: number;
  readonly right: ClassRanks;
  readonly wrong: ClassRanks;
}

/**
 * Scores that know the label itself, and not only whether the expert is right.
 *
 * A truthful score depends on the label by way of the expert being right, so the AUROC of the score for a class against the
 * rest is taken among the examples that the expert gets right, and again among those that it gets wrong. Found is what is
 * large and significant (Mann-Whitney) in both, *and points the same way*: a score that follows the predicted class, as a
 * confidence may, points one way where the prediction is the label and the other way where it is not. As both must hold,
 * each is tested at the full level (Berger 1982, "Multiparameter hypothesis testing", the intersection-union test).
 *
 * What it cannot tell apart: a score into which the label went, and one that is honest but much higher for some classes, as
 * where one mood is always recorded in a quiet room. Either lets a model read the label off the score.
 */
export function labelInScore(set: CheckedSet): LeakageFinding[] {
  const { experts, classes, modalities } = set;
  if (experts === undefined) return [];
  // With two classes, one against the rest is the same question twice.
  const asked = Array.from({ length: classes }, (_, c) => c).filter((c) => classes > 2 || c === 1);
  const scores = singleScores(set);
  const level = FALSE_ALARMS / (2 * asked.length * scores.length);
  return scores.flatMap((score) => {
    const told = bestTold(score, experts[score.modality], set, asked);
    if (told === undefined || normalCdf(-strengthOf(told)) > level) return [];
    const { label, right, wrong } = told;
    return {
      check: 'label',
      modality: modalities[score.modality],
      severity: 'warning',
      numbers: { label, aurocWhereRight: right.auroc, aurocWhereWrong: wrong.auroc },
      sentence: `${score.name} tells the label: it tells ${nameOfClass(set, label)} from the rest with an AUROC of ${right.auroc.toFixed(2)} among the examples that the expert gets right, and of ${wrong.auroc.toFixed(2)} among those that it gets wrong, where a score that knows only when to trust the expert has 0.50. A gap may come from that; see whether labels went into the score, or whether classes were recorded under different conditions.`,
    };
  });
}

/** Of the classes for which the effect is large in both parts and points the same way, the one with the least chance. */
function bestTold(
  { values }: SingleScore,
  { classes: predicted }: ExpertOutput,
  { labels, classes }: CheckedSet,
  asked: readonly number[],
): Told | undefined {
  const among = (isRight: boolean): (ClassRanks | null)[] => {
    const isIn = (_: number, i: number): boolean => (predicted[i] === labels[i]) === isRight;
    return rankSums(values.filter(isIn), labels.filter(isIn), classes);
  };
  const [inRight, inWrong] = [among(true), among(false)];
  return asked
    .flatMap((label): Told[] => {
      const [right, wrong] = [inRight[label], inWrong[label]];
      return isEnough(right) && isEnough(wrong) ? [{ label, right, wrong }] : [];
    })
    .filter(isLarge)
    .sort((a, b) => strengthOf(b) - strengthOf(a))
    .at(0);
}

function isEnough(ranks: ClassRanks | null): ranks is ClassRanks {
  return ranks !== null && Math.min(ranks.inside, ranks.outside) >= FEWEST;
}

function isLarge({ right, wrong }: Told): boolean {
  const aurocs = [right.auroc, wrong.auroc];
  return aurocs.every((a) => a >= LARGE_AUROC) || aurocs.every((a) => a <= 1 - LARGE_AUROC);
}

/** The weaker of both tests. */
function strengthOf({ right, wrong }: Told): number {
  return Math.min(Math.abs(right.z), Math.abs(wrong.z));
}
