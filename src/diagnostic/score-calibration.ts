import type { Reliability } from '../model/frozen-fusion.ts';
import { midRanks, type ReliableWhen } from './alignment.ts';
import type { Appraisal } from './appraisal.ts';
import { calibrationError, type DiagramBin } from './calibration.ts';
import type { Task } from './examples.ts';
import { wherePresent } from './presence.ts';
import { riskCoverage } from './risk-coverage.ts';
import type { ScoreCalibration, CalibrationFacts, CalibrationBin } from './score-findings.ts';

/** Tasks whose experts are not simply right or wrong. */
const WITHOUT_RIGHT: Readonly<Partial<Record<Task, NonNullable<ScoreCalibration['leftOut']>>>> = {
  regression: 'values are never right or wrong',
  'multi-label': 'sets of labels are right in part',
};

/** Most bins, and about how few examples each has at least. */
export const MAX_BINS = 10;
const FEWEST_IN_BIN = 10;
/** Most points of a curve. */
export const MAX_POINTS = 100;

/**
 * Calibration of each modality's score, over all rows on which it is present at once, whatever their fold: each row's score is
 * held against its own expert.
 */
export function scoreCalibration(
  reliability: Reliability,
  appraisals: readonly Appraisal[],
  modalities: readonly string[],
  { task, reliableWhen }: { readonly task: Task; readonly reliableWhen: readonly ReliableWhen[] },
): Record<string, ScoreCalibration> {
  return Object.fromEntries(
    modalities.map((modality, m): [string, ScoreCalibration] => {
      const { width, values } = reliability[m];
      const leftOut = WITHOUT_RIGHT[task] ?? (width === 1 ? null : 'a vector');
      if (leftOut !== null) return [modality, { found: null, leftOut }];
      const [score, right] = [values, appraisals[m].merit].map((of) => wherePresent(of, reliability[m]));
      return [modality, { found: calibrationOf(score, right, reliableWhen[m]), leftOut: null }];
    }),
  );
}

/** @param right 1 where the expert is right, else 0 [N] */
export function calibrationOf(
  score: Float64Array,
  right: Float64Array,
  reliableWhen: ReliableWhen,
): CalibrationFacts {
  const isProbability = score.every((value) => value >= 0 && value <= 1);
  const bins = equalMassBins(score, right);
  const trust = reliableWhen === 'high' ? score : score.map((value) => -value);
  const { coverage, risk, aurc, optimalAurc } = riskCoverage(trust, right);
  const points = pointsOf(score.length);
  return {
    reliableWhen,
    isProbability,
    bins,
    error: isProbability ? calibrationError(bins.map((bin) => asProbability(bin, reliableWhen))) : null,
    riskCoverage: {
      coverage: points.map((i) => coverage[i]),
      risk: points.map((i) => risk[i]),
      aurc,
      optimalAurc,
      // In any order, the mean risk is the same at every coverage.
      chanceAurc: risk[risk.length - 1],
    },
  };
}

/** A score that is low where its expert can be trusted is the probability of its being wrong. */
function asProbability(
  { lower, upper, count, right, meanScore }: CalibrationBin,
  reliableWhen: ReliableWhen,
): DiagramBin {
  const score = reliableWhen === 'high' ? meanScore : 1 - meanScore;
  return { lower, upper, weight: count, meanScore: score, shareRight: right / count };
}

/**
 * Bins that hold as many examples each as ties let them (Nguyen and O'Connor 2015): an example is in the bin that the middle
 * rank of its score falls into.
 */
function equalMassBins(score: Float64Array, right: Float64Array): CalibrationBin[] {
  const rows = score.length;
  const most = Math.max(1, Math.min(MAX_BINS, Math.floor(rows / FEWEST_IN_BIN)));
  const members = Array.from({ length: most }, (): number[] => []);
  midRanks(score).forEach((rank, i) => members[Math.floor((most * (rank - 0.5)) / rows)].push(i));
  return members
    .filter((bin) => bin.length > 0)
    .map((bin) => {
      const scores = bin.map((i) => score[i]).sort((a, b) => a - b);
      return {
        lower: scores[0],
        upper: scores[scores.length - 1],
        count: bin.length,
        right: bin.reduce((sum, i) => sum + right[i], 0),
        // Divided first: the largest scores are finite, and their sum may not be.
        meanScore: scores.reduce((sum, value) => sum + value / scores.length, 0),
      };
    });
}

/** Places on the curve, the last one too: all of a short one. */
function pointsOf(rows: number): number[] {
  const count = Math.min(rows, MAX_POINTS);
  return Array.from({ length: count }, (_, k) => Math.ceil(((k + 1) * rows) / count) - 1);
}
