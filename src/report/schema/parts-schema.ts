import { z } from 'zod';

import { alignment, competitiveness, headroomFacts } from './experts-schema.ts';
import { correlation, count, gap, share } from './judged-schema.ts';
import { metricGap } from './metrics-schema.ts';

const spread = z.object({
  mean: z.number().describe('Mean over folds.'),
  std: z.number().describe('Population standard deviation over folds.'),
});

export const foldResult = z.object({
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

export const sliceResult = z.object({
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

export const acrossFolds = z.object({
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
