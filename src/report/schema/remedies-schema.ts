import { z } from 'zod';

import { share } from './judged-schema.ts';
import { metricGap } from './metrics-schema.ts';
import { ARMS, ARM_REASONS, CHANGES, EFFECTS } from '../../diagnostic/score-findings.ts';

export const armResult = z.object({
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

export const scoreEffect = z.object({
  gap: metricGap.describe("The gap where only this modality's scores are shuffled, with its interval."),
  p: share.describe('Two-sided p-value of that gap.'),
  adjustedP: share.describe('The same, corrected for the number of modalities (Holm 1979).'),
  finding: z
    .enum(EFFECTS)
    .describe('Whether the score helps or hurts, where adjustedP is at most alpha; else unclear.'),
});

export const remedies = z.object({
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
