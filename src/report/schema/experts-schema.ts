import { z } from 'zod';

import { correlation, count, gap, share } from './judged-schema.ts';
import { CALIBRATION_REASONS } from '../../diagnostic/score-findings.ts';

export const control = z.object({
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

export const headroom = headroomFacts.extend({
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

export const calibration = z.object({
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
