import { z } from 'zod';

import { VERDICTS, type MetricName } from '../diagnostic/diagnosis.ts';
import { ARM_REASONS, ARMS, CHANGES } from '../diagnostic/arm-scores.ts';
import { TASKS } from '../diagnostic/examples.ts';
import { LEAKAGE_CHECKS } from '../diagnostic/leakage/finding.ts';
import { OBSTACLES } from '../diagnostic/obstacle.ts';
import { EFFECTS } from '../diagnostic/remedies.ts';
import { CALIBRATION_REASONS } from '../diagnostic/score-calibration.ts';
import { METRIC_WORDS } from '../diagnostic/metrics/metric-words.ts';

const share = z.number().min(0).max(1);
const count = z.int().min(0);
// Without bounds: the last bit of a float may put these a hair beyond 1, and that is no reason to lose a report.
const correlation = z.number();
const gap = z.number();
const sha256 = z.string().describe('SHA-256 of the file, hexadecimal; empty where there is no file.');

/** Every metric by its name. */
export const metricName = z.enum(Object.keys(METRIC_WORDS) as MetricName[]);

export const accuracies = z.object({
  accuracy: share.describe('Share of the evaluated examples that are classified right.'),
  balancedAccuracy: share.describe('Mean recall over the classes that occur among the labels.'),
});

const control = z.object({
  gap: gap.describe('Metric with the truthful score minus the mean metric with that score shuffled.'),
  p: share.describe(
    'One-sided p-value; for the corruption control times the number of modalities tried, at most 1.',
  ),
  passed: z.boolean().describe('Whether the rule profits from a truthful score.'),
  headroom: z
    .number()
    .nullable()
    .describe(
      'The largest gap that any rule could show here (of values: that is sure to be possible); where it is small a failure proves nothing. null where it is not known.',
    ),
  doseResponse: z
    .array(
      z.object({
        dose: share.describe('Share of the rows on which the score is truthful.'),
        auroc: share.describe('AUROC of the mixed score against what it should tell.'),
        gap: gap.describe(
          'Metric with the mixed score minus the mean metric with the truthful one shuffled.',
        ),
        lower: gap.describe(
          'Lower end of the interval of that gap, over what the simulation drew; of the same confidence as the interval of the gap.',
        ),
        upper: gap.describe('Upper end of that interval.'),
      }),
    )
    .describe('The gap as the score becomes more truthful.'),
  requiredAuroc: share
    .nullable()
    .describe("AUROC at which the gap reaches the gate's threshold; null where it never does."),
  requiredAurocInterval: z
    .object({
      lower: share.describe('AUROC at which the upper end of the gap reaches the threshold.'),
      upper: share
        .nullable()
        .describe('AUROC at which the lower end of the gap reaches it; null where it never does.'),
    })
    .nullable()
    .describe('Between which AUROCs requiredAuroc lies; null where even the upper end never reaches it.'),
});

export const candidate = z.object({
  path: z.string().describe('The model file as the config names it, or the fusion rule.'),
  sha256,
  engine: z.string().describe('What replayed the model.'),
});

export const evaluationSet = z.object({
  path: z.string().describe('The file as the config names it.'),
  sha256,
  rows: count.describe('Rows in the file.'),
  evaluated: count.describe(
    'Rows that were evaluated: in the subset and with every modality present (rows: complete) or at least one (available).',
  ),
  presence: z
    .object({
      modalities: z
        .record(z.string(), count.describe('Evaluated rows.'))
        .describe('On how many evaluated rows each modality is present.'),
      patterns: z
        .array(
          z.object({
            present: z.array(z.string()).describe('Modalities that are present together, all others absent.'),
            rows: count.describe('Evaluated rows.'),
          }),
        )
        .describe('Which modalities are present together, the most frequent first.'),
    })
    .optional()
    .describe('Where modalities are present. Left out where only rows with all of them are evaluated.'),
  weights: z
    .object({
      column: z.string().describe('The column of their weights.'),
      effectiveSize: z
        .number()
        .min(0)
        .describe(
          'Kish 1965: examples of equal weight that these are worth; as many as are evaluated where all are equal.',
        ),
    })
    .optional()
    .describe('How much each example counts. Left out where all count alike, as no column says otherwise.'),
});

const broken = z.object({
  scheme: z
    .enum(['independent', 'joint', 'bank'])
    .describe(
      'Each modality its own shuffle, one shuffle for whole score vectors, or scores read from a file.',
    ),
  count: count.describe('Number of shuffles, K.'),
  seed: count.describe('Seed of the shuffles; of no meaning for a bank.'),
  mean: accuracies.nullable().describe('Mean over the shuffles; null without classes.'),
  std: accuracies
    .nullable()
    .describe('Population standard deviation over the shuffles; null without classes.'),
  values: z.array(z.number()).describe('The gating metric of each shuffle, in order.'),
});

const intervalMethod = z
  .enum(['bca', 'percentile'])
  .describe('Bootstrap that gave it: bias-corrected and accelerated, or percentiles.');

const gapWithInterval = z.object({
  value: gap.describe('Metric with Clean-Q minus the mean metric with Broken-Q.'),
  lower: gap.describe('Lower end of its bootstrap interval over examples.'),
  upper: gap.describe('Upper end of its bootstrap interval over examples.'),
  confidence: share.describe('Confidence of the interval.'),
  method: intervalMethod,
});

const equivalence = z.object({
  lower: gap.describe('Lower end of the interval of the gap of confidence 1 - 2 alpha.'),
  upper: gap.describe('Upper end of that interval.'),
  confidence: share.describe('1 - 2 alpha.'),
  p: share.describe('The larger of both p-values, by the normal distribution and the standard error.'),
  unseen: z
    .number()
    .min(0)
    .nullable()
    .describe(
      'Largest gap that a kind of example could make which is not among these, at level alpha; null by a metric without bounds.',
    ),
  shown: z.boolean().describe('Whether the interval, and what may be unseen, lie within the threshold.'),
});

const power = z.object({
  standardError: z.number().min(0).describe('Standard error of the gap over examples, by the jackknife.'),
  criticalGap: z
    .number()
    .min(0)
    .optional()
    .describe('Size of the gap at which p, and that of joint shuffles, fall to alpha.'),
  detectableGap: z
    .number()
    .min(0)
    .describe('Smallest true gap that passes this gate in 80 % of such evaluation sets.'),
  examples: count.describe('Examples that were evaluated.'),
  clusters: count
    .optional()
    .describe('Blocks of columns.block: what the standard error is over. Left out without such a column.'),
  hangsOn: z
    .number()
    .min(0)
    .optional()
    .describe(
      'On how many examples, or blocks of them, the gap hangs: (sum of shares)^2 / (sum of their squares). Left out by a metric that is no mean of examples.',
    ),
  smallestClass: count
    .optional()
    .describe(
      'By balanced accuracy: examples, or blocks of them, of the rarest class; of weighted ones as many as they are worth (Kish 1965).',
    ),
  examplesNeeded: count
    .nullable()
    .describe(
      'Examples with which a gap of the size found is settled in 80 % of evaluation sets; null where over 100 times as many.',
    ),
});

export const exchange = z
  .object({
    within: z.array(z.string()).describe('What shuffles stay within, in words.'),
    moved: z.enum(['rows', 'blocks']).describe('What changes places: rows, or blocks as wholes.'),
    units: count.describe('How many rows or blocks there are.'),
    groups: count.describe('Groups that they stay in; of blocks, one for each number of rows.'),
    alone: count.describe('Rows or blocks that are alone in their group, so that nothing moves them.'),
    unchanged: count.describe(
      'Groups of several in which all scores are the same, so that shuffles change nothing.',
    ),
  })
  .describe(
    'What changes places in a shuffle, and with whom. Left out where every row may with every other.',
  );

const pInterval = z.object({
  lower: share.describe('Lower end.'),
  upper: share.describe('Upper end.'),
});

const pIntervals = z.object({
  confidence: share.describe('Confidence of these intervals.'),
  oneSided: pInterval.describe('Of oneSided.'),
  twoSided: pInterval.describe('Of twoSided.'),
  otherSide: pInterval.describe('Of otherSide.'),
  joint: pInterval.nullable().describe('With whole rows of scores shuffled.'),
  perModality: z
    .record(z.string(), pInterval.describe('Of one modality.'))
    .describe('With one modality shuffled.'),
  correctness: pInterval.nullable().describe('Of the correctness control.'),
  corruption: pInterval.nullable().describe('Of the corruption control.'),
});

const metricGap = z.object({
  value: gap.describe('By how much Clean-Q is better than the mean of Broken-Q.'),
  lower: gap.describe('Lower end of its bootstrap interval over examples.'),
  upper: gap.describe('Upper end of its bootstrap interval over examples.'),
  method: intervalMethod,
});

const metricResult = z.object({
  name: metricName.describe('The metric.'),
  better: z.enum(['higher', 'lower']).describe('Which way it is better.'),
  clean: z.number().describe('With Clean-Q.'),
  uniform: z.number().describe('With every score replaced by one value (No-Q).'),
  broken: z
    .object({
      mean: z.number().describe('Mean over the shuffles.'),
      std: z.number().describe('Population standard deviation over the shuffles.'),
    })
    .describe('With Broken-Q.'),
  gap: metricGap.describe('Positive where the scores help, whichever way the metric is better.'),
  p: share.describe('One-sided p-value, not corrected for the number of metrics.'),
});

const exactMean = {
  mean: z.number().describe('Mean of the metric over all shuffles that there are.'),
  gap: gap.describe('By how much Clean-Q is better than that.'),
  samplingError: z
    .number()
    .min(0)
    .describe(
      'Standard error of the mean over the shuffles that were drawn, and of its gap: their standard deviation over the root of their number.',
    ),
};
const missingExactMean = { missing: z.string().describe('Why it is not known.') };
const exactResult = z.union([z.object(exactMean), z.object(missingExactMean)]);

const exact = z
  .object({
    metrics: z
      .array(
        z.union([
          z.object({ name: metricName.describe('The metric.'), ...exactMean }),
          z.object({ name: metricName.describe('The metric.'), ...missingExactMean }),
        ]),
      )
      .describe('In the order of metrics.'),
    joint: exactResult
      .nullable()
      .describe('With whole rows of scores shuffled, in the gating metric; null where joint is.'),
    perModality: z
      .record(z.string(), exactResult)
      .describe("With one modality's scores shuffled, in the gating metric."),
  })
  .describe(
    'Means over all shuffles, beside those over the shuffles that were drawn. No verdict rests on them.',
  );

const pValues = z.object({
  oneSided: share.describe('(1 + number of shuffles at or above Clean-Q) / (K + 1): the one that gates.'),
  twoSided: share.describe('The same for a gap of either sign.'),
  otherSide: share.describe('(1 + number of shuffles at or below Clean-Q) / (K + 1): is shuffling a help?'),
});

export const headroomFacts = z.object({
  oracle: z
    .number()
    .describe(
      'Metric of the best expert per example: a right one if any is right, or the one nearest to the true value.',
    ),
  value: z.number().describe('By how much the oracle is better than Clean-Q.'),
  chanceMatched: z
    .number()
    .describe(
      'The same for experts whose correctness is shuffled within class, or whose errors are shuffled over all examples: headroom that chance alone gives.',
    ),
});

const headroom = headroomFacts.extend({
  realised: z
    .number()
    .nullable()
    .describe('gap / (oracle - mean Broken-Q); null where a perfect choice would add nothing.'),
});

export const competitiveness = z.object({
  median: z
    .number()
    .describe('Median of the true-class probability of the best expert minus the second best.'),
  massBelow: share.describe('Share of the examples on which that difference is below 0.05.'),
  disagreement: share.describe(
    'Share of the examples on which the experts do not all predict the same class.',
  ),
});

export const alignment = z.object({
  pearson: correlation
    .nullable()
    .describe(
      'Pearson correlation of the score with the expert being right, or with its negative absolute error.',
    ),
  spearman: correlation
    .nullable()
    .describe(
      'Spearman correlation of the score with the expert being right, or with its negative absolute error.',
    ),
  auroc: share
    .nullable()
    .describe(
      'AUROC of the score as a predictor of the expert being right, or the nearest to the true value.',
    ),
});

const spread = z.object({
  mean: z.number().describe('Mean over folds.'),
  std: z.number().describe('Population standard deviation over folds.'),
});

const foldResult = z.object({
  name: z.string().describe('Seed and fold, or the name that the config gives it.'),
  examples: count.describe('Evaluated rows.'),
  clean: z.number().describe('With Clean-Q.'),
  uniform: z.number().describe('With every score replaced by one value (No-Q).'),
  broken: z
    .object({
      mean: z.number().describe('Mean over the shuffles.'),
      std: z.number().describe('Population standard deviation over the shuffles.'),
    })
    .describe('With Broken-Q.'),
  gap: gap.describe('By how much Clean-Q is better than the mean of Broken-Q.'),
  p: share.describe('One-sided p-value of that gap.'),
  headroom: headroomFacts.nullable().describe('As of the gate.'),
  competitiveness: competitiveness.nullable().describe('As of the gate.'),
  alignment: z.record(z.string(), alignment).nullable().describe('As of the gate, by modality.'),
});

const sliceResult = z.object({
  column: z.string().describe('The column that makes the slice.'),
  value: z.string().describe('Its value there.'),
  examples: count.describe('Evaluated rows.'),
  found: z
    .object({
      clean: z.number().describe('With Clean-Q.'),
      uniform: z.number().describe('With every score replaced by one value (No-Q).'),
      broken: z
        .object({
          mean: z.number().describe('Mean over the shuffles.'),
          std: z.number().describe('Population standard deviation over the shuffles.'),
        })
        .describe('With Broken-Q.'),
      gap: metricGap.describe('By how much Clean-Q is better than the mean of Broken-Q, with its interval.'),
      p: share.describe('One-sided p-value of that gap, not corrected.'),
      adjustedP: share.describe('The same, corrected for the number of slices of the gate (Holm 1979).'),
    })
    .nullable()
    .describe('In the gating metric; null where the slice is left out.'),
  leftOut: z
    .enum(['too few examples', 'a single cluster', 'metric not defined'])
    .nullable()
    .describe('Why it is left out; null where it is not.'),
});

const acrossFolds = z.object({
  uniform: spread.describe('No-Q.'),
  clean: spread.describe('Clean-Q.'),
  gap: spread.describe('The gap.'),
  p: share.describe('Median of the one-sided p-values.'),
  headroom: spread.nullable().describe('Oracle headroom; null where no fold has it.'),
  competitiveness: z.number().nullable().describe('Median of the median competitiveness.'),
  alignment: correlation
    .nullable()
    .describe('Mean over modalities and folds of the Pearson correlation of score and correctness.'),
  repeats: count.describe(
    'Sets of folds that share no example. Where there are several, p is twice the median of their p-values.',
  ),
});

const armResult = z.object({
  name: z
    .enum(ARMS)
    .describe(
      "Each modality's own mean; zero; the scores of the next modality; or those that name the right experts, as of the correctness control.",
    ),
  found: z
    .object({
      value: z.number().describe('The gating metric.'),
      gap: metricGap.describe('By how much Clean-Q is better, with its paired interval.'),
    })
    .nullable()
    .describe('Null where the arm is left out.'),
  leftOut: z.enum(ARM_REASONS).nullable().describe('Why it is left out; null where it is not.'),
});

const scoreEffect = z.object({
  gap: metricGap.describe("The gap where only this modality's scores are shuffled, with its interval."),
  p: share.describe('Two-sided p-value of that gap.'),
  adjustedP: share.describe('The same, corrected for the number of modalities (Holm 1979).'),
  finding: z
    .enum(EFFECTS)
    .describe('Whether the score helps or hurts, where adjustedP is at most alpha; else unclear.'),
});

const remedies = z.object({
  confidence: share.describe('Confidence of each interval, so that all hold together (Bonferroni).'),
  tried: z
    .array(
      z.object({
        modality: z
          .string()
          .nullable()
          .describe('Whose score is changed; null where all are, each in the same way.'),
        change: z
          .enum(CHANGES)
          .describe(
            'Held at its mean; clipped to its 5 % and 95 % quantiles; or never trusted less than at its median.',
          ),
        found: z
          .object({
            value: z.number().describe('The gating metric.'),
            gain: z
              .object({
                value: z.number().describe('By how much it is better than Clean-Q.'),
                lower: z
                  .number()
                  .describe(
                    "Lower end of its paired interval over examples: the bootstrap's or Student's, whichever lies lower.",
                  ),
                upper: z.number().describe('Upper end of that interval.'),
              })
              .describe('On these examples, on which it is selected too: optimistic.'),
            isBetter: z.boolean().describe('Whether the whole interval lies above 0.'),
          })
          .nullable()
          .describe('Null where the change is left out.'),
        leftOut: z.enum(ARM_REASONS).nullable().describe('Why it is left out; null where it is not.'),
      }),
    )
    .describe('Every change tried, the largest gain first.'),
});

const calibration = z.object({
  found: z
    .object({
      reliableWhen: z.enum(['high', 'low']).describe('Which end of the score means that it can be trusted.'),
      isProbability: z
        .boolean()
        .describe('Whether all scores lie in [0, 1], so that they may be read as probabilities.'),
      bins: z
        .array(
          z.object({
            lower: z.number().describe('Lowest score in the bin.'),
            upper: z.number().describe('Highest score in the bin.'),
            count: count.describe('Examples in the bin.'),
            meanScore: z.number().describe('Mean score in the bin.'),
            shareRight: share.describe('Share of them on which the expert is right.'),
            interval: z
              .object({ lower: share.describe('Lower end.'), upper: share.describe('Upper end.') })
              .nullable()
              .describe(
                'Binomial interval of that share, of the confidence of the interval of the gap; null where examples hang together.',
              ),
          }),
        )
        .describe('Reliability diagram: bins of nearly as many examples each, equal scores together.'),
      error: share
        .nullable()
        .describe(
          'Expected calibration error of the score as the probability that its expert is right; null where it only ranks.',
        ),
      riskCoverage: z
        .object({
          coverage: z.array(share).describe('Share of the examples, the most trusted first.'),
          risk: z.array(share).describe('Share of those on which the expert is wrong.'),
          aurc: share.describe('Area under the whole curve; lower is better.'),
          optimalAurc: share.describe(
            'The same of a score that ranks every right example above every wrong one.',
          ),
          chanceAurc: share.describe(
            'The same of a score that says nothing: the share on which the expert is wrong.',
          ),
        })
        .describe('What is risked where only the examples that the score trusts most are predicted.'),
    })
    .nullable()
    .describe('Null where the score is left out.'),
  leftOut: z.enum(CALIBRATION_REASONS).nullable().describe('Why it is left out; null where it is not.'),
});

export const leakageFinding = z.object({
  check: z.enum(LEAKAGE_CHECKS).describe('Which check found it.'),
  modality: z
    .string()
    .nullable()
    .describe('Whose score it is about; null where it is about the evaluation set.'),
  severity: z.literal('warning').describe('Always warning: what voids an evaluation gives no report.'),
  numbers: z.record(z.string(), z.number()).describe('The numbers of the sentence, by name.'),
  sentence: z.string().describe('What was found, and what follows from it.'),
});

const baseCommit = {
  sha: z.string().describe('The commit, full and hexadecimal.'),
  ref: z.string().describe('What it was asked for by: a branch, a tag or a commit.'),
};

const gapChange = z.object({
  value: gap.describe('Gap here minus the gap at the base.'),
  lower: gap.describe('Lower end of its bootstrap interval over examples.'),
  upper: gap.describe('Upper end of that interval.'),
  confidence: share.describe('Confidence of the interval, 1 - 2 alpha.'),
  standardError: z.number().min(0).describe('Standard error of the change over examples, by the jackknife.'),
  p: share.describe('One-sided p-value: has the gap fallen by more than the threshold?'),
  paired: z
    .boolean()
    .describe('Whether both were judged on the same examples, which are drawn together then.'),
  regressed: z.boolean().describe('Whether the upper end lies below -threshold: a regression that is shown.'),
  threshold: z.number().min(0).describe('How far the gap may fall.'),
  fails: z.boolean().describe('Whether the config has a regression fail.'),
});

const foundBase = z.object({
  ...baseCommit,
  source: z
    .enum(['judged', 'same', 'history'])
    .describe(
      'Judged in this run; or the same, as everything that the gate reads is what it was; or what the history has of it.',
    ),
  why: z.string().optional().describe('Why the history has to stand for it.'),
  verdict: z.enum(VERDICTS).describe('What is found about it by the rules of this config.'),
  model: candidate.pick({ path: true, sha256: true }).describe('What was judged.'),
  evaluationSet: evaluationSet
    .pick({ path: true, sha256: true, evaluated: true })
    .extend({ weight: z.string().optional().describe('The column of their weights, where they had any.') })
    .describe('What it was judged on.'),
  clean: z.number().describe('The gating metric with Clean-Q.'),
  broken: z.number().describe('Its mean with Broken-Q.'),
  gap: z
    .object({
      value: gap.describe('The permutation gap.'),
      lower: gap.describe('Lower end of its interval.'),
      upper: gap.describe('Upper end of its interval.'),
    })
    .describe('The gap at the base.'),
  p: share.describe('One-sided p-value of that gap.'),
  change: gapChange.describe('What became of the gap since.'),
});

const missingBase = z.object({
  missing: z.string().describe('Why there is nothing to compare with.'),
  sha: baseCommit.sha.optional(),
  ref: baseCommit.ref.optional(),
});

const gateReport = z.object({
  name: z.string().describe('Identity of the gate, from the config.'),
  conclusion: z
    .enum(['success', 'failure', 'inconclusive', 'error'])
    .describe('How the gate ended, in the words of a check.'),
  verdict: z.enum(VERDICTS).describe('What was found about the reliability scores.'),
  reason: z.string().describe('One plain sentence: what was found.'),
  advice: z.string().describe('One plain sentence: what to do.'),
  metric: metricName.describe('The gating metric.'),
  threshold: z.number().describe("Smallest gap that counts, in the metric's own unit."),
  alpha: z.number().describe('Largest p-value that counts.'),
  model: candidate.describe('What was judged.'),
  evaluationSet: evaluationSet.describe('What it was judged on.'),
  clean: accuracies
    .nullable()
    .describe('With the reliability scores as given (Clean-Q); null without classes.'),
  uniform: accuracies
    .nullable()
    .describe('With every score replaced by one value (No-Q); null without classes.'),
  broken: broken.describe('With the scores shuffled across examples (Broken-Q).'),
  gap: gapWithInterval.describe("The permutation gap of the gating metric, in the metric's own unit."),
  exchange: exchange.optional(),
  p: pValues.describe('p-values of the gap.'),
  flipRate: z
    .object({
      mean: share.describe('Mean over the shuffles.'),
      max: share.describe('Largest over the shuffles.'),
    })
    .describe(
      'Share of the examples whose predicted class or set of labels changes, or whose value moves, under a shuffle.',
    ),
  experts: z
    .record(z.string(), accuracies)
    .nullable()
    .describe('Each unimodal prediction, by modality; null without expert outputs, or without classes.'),
  headroom: headroom
    .nullable()
    .describe(
      'What an ideal choice of experts could gain; null without expert outputs, or by a metric for which no expert is the best on a single example.',
    ),
  competitiveness: competitiveness
    .nullable()
    .describe('How close the experts are; null without posteriors or with a single modality.'),
  alignment: z
    .record(z.string(), alignment)
    .nullable()
    .describe('Whether each score tells when its expert is right, by modality; null without expert outputs.'),
  perModality: z
    .record(
      z.string(),
      z.object({ gap: gap.describe('Gap.'), p: share.describe('One-sided p-value of that gap.') }),
    )
    .describe("The gap where only one modality's scores are shuffled, by modality."),
  joint: z
    .object({
      gap: z.number().describe('The gap when whole rows of scores are shuffled.'),
      p: share.describe('Its one-sided p-value.'),
    })
    .nullable()
    .describe(
      'Whether it matters that the scores belong to the example: a row keeps its scores together. null with a single modality, or where all shuffles are joint.',
    ),
  exact: exact.optional(),
  controls: z
    .object({
      correctness: control
        .nullable()
        .describe('Scores that name the experts that are right, or the one nearest to the true value.'),
      corruption: z
        .object({
          modality: z.string().describe('The modality whose corruption the rule noticed most.'),
          ...control.shape,
        })
        .nullable()
        .describe('Scores that name the rows whose evidence was replaced.'),
    })
    .describe(
      'Positive controls: the same frozen rule fed truthful scores; null where one could not be run.',
    ),
  pIntervals: pIntervals.describe('Where each p would lie with unlimited shuffles: its Monte-Carlo error.'),
  equivalence: equivalence.describe(
    'Whether the gap is too small to matter, either way: two one-sided tests.',
  ),
  power: power.describe('What these examples can show, and how many would be needed.'),
  metrics: z.array(metricResult).describe('The gating metric, then those that are reported beside it.'),
  task: z
    .enum(TASKS)
    .describe('What the model tells: classes, a value, or which of several labels an example has.'),
  movement: z
    .object({
      mean: z.number().min(0).describe('Mean over the shuffles.'),
      max: z.number().min(0).describe('Largest over the shuffles.'),
    })
    .nullable()
    .describe(
      'Mean absolute movement of the predicted values under a shuffle; of label sets, the share of their labels that change; null where they are classes.',
    ),
  expertMetric: z
    .record(z.string(), z.number().nullable())
    .nullable()
    .describe(
      'The gating metric of each unimodal prediction, by modality, where the output has no classes; null without expert outputs, or where it is not defined.',
    ),
  folds: z
    .array(foldResult)
    .nullable()
    .describe(
      'Each fold as if it were alone, in the gating metric; null where all examples are one fold. Other numbers are means over folds.',
    ),
  acrossFolds: acrossFolds.nullable().describe('How folds differ; null where all examples are one fold.'),
  slices: z
    .array(sliceResult)
    .optional()
    .describe(
      'The gap in each slice, from the shuffles of the whole gate. Left out where none are asked for.',
    ),
  obstacle: z
    .object({
      what: z.enum(OBSTACLES).describe('The rule, the score, the data, none, or unclear.'),
      why: z.string().describe('One plain sentence.'),
    })
    .optional()
    .describe('What stands between these scores and a pass. Left out where nothing could be judged.'),
  arms: z
    .array(armResult)
    .optional()
    .describe('The gating metric of the frozen rule with scores that are not its own.'),
  scoreEffects: z
    .record(z.string(), scoreEffect)
    .optional()
    .describe("What shuffling only one modality's scores does, and how sure that is, by modality."),
  remedies: remedies
    .optional()
    .describe('What changing the score of one modality gives on these examples. Nothing is trained.'),
  calibration: z
    .record(z.string(), calibration)
    .nullable()
    .optional()
    .describe('How far each score can be believed about its own expert, by modality; null without experts.'),
  constantScores: z.array(z.string()).describe('Modalities whose score is the same on every row.'),
  modalities: z.array(z.string()).describe('The modalities, in the order of the config.'),
  classes: z.array(z.string()).nullable().describe('Class names, where the config gives them.'),
  warnings: z.array(z.string()).describe('What the user should know and that changes no number.'),
  leakage: z
    .array(leakageFinding)
    .describe(
      'Signs that the evaluation set, or a score, knows what it must not know. They change no number.',
    ),
  base: z
    .union([foundBase, missingBase])
    .optional()
    .describe('The same gate at the base commit, or why it is missing; only where a base was asked for.'),
  seconds: z.number().min(0).describe('Time that the gate took; of merged shards, that of the slowest.'),
});

/**
 * `report.json`, version 1: `RunReport` as zod, its keys in the order of the file. Its JSON Schema is committed as
 * `schema/report.schema.json`.
 */
export const reportSchema = z
  .object({
    version: z.literal(1).describe('Version of this format. Keys may be added within a version.'),
    tool: z
      .object({
        name: z.literal('fusion-gate').describe('Always fusion-gate.'),
        version: z.string().describe('Version of the program.'),
      })
      .describe('What wrote the report.'),
    conclusion: z
      .enum(['success', 'failure', 'inconclusive', 'error'])
      .describe("The worst of the gates' conclusions: error, then failure, then inconclusive."),
    error: z
      .string()
      .optional()
      .describe('Only where nothing was judged: what the user has to mend. There are no gates then.'),
    gates: z.array(gateReport).describe('One entry a gate, in the order of the config.'),
  })
  .describe('What fusion-gate found.');
