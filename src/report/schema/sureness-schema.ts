import { z } from 'zod';

import { accuracies, count, gap, share } from './judged-schema.ts';

export const broken = z.object({
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

export const intervalMethod = z
  .enum(['bca', 'percentile'])
  .describe('Bootstrap that gave it: bias-corrected and accelerated, or percentiles.');

export const gapWithInterval = z.object({
  value: gap.describe('Metric with Clean-Q minus the mean metric with Broken-Q.'),
  lower: gap.describe('Lower end of its bootstrap interval over examples.'),
  upper: gap.describe('Upper end of its bootstrap interval over examples.'),
  confidence: share.describe('Confidence of the interval.'),
  method: intervalMethod,
});

export const equivalence = z.object({
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

export const power = z.object({
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

const pInterval = z.object({
  lower: share.describe('Lower end.'),
  upper: share.describe('Upper end.'),
});

export const pIntervals = z.object({
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

export const pValues = z.object({
  oneSided: share.describe('(1 + number of shuffles at or above Clean-Q) / (K + 1): the one that gates.'),
  twoSided: share.describe('The same for a gap of either sign.'),
  otherSide: share.describe('(1 + number of shuffles at or below Clean-Q) / (K + 1): is shuffling a help?'),
});
