import { z } from 'zod';

import { gap, metricName, share } from './judged-schema.ts';
import { intervalMethod } from './sureness-schema.ts';

export const metricGap = z.object({
  value: gap.describe('By how much Clean-Q is better than the mean of Broken-Q.'),
  lower: gap.describe('Lower end of its bootstrap interval over examples.'),
  upper: gap.describe('Upper end of its bootstrap interval over examples.'),
  method: intervalMethod,
});

export const metricResult = z.object({
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

export const exact = z
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
