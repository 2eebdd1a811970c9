import { z } from 'zod';

import { VERDICTS } from '../../diagnostic/diagnosis.ts';
import { LEAKAGE_CHECKS } from '../../diagnostic/leakage/finding.ts';
import { candidate, evaluationSet, gap, share } from './judged-schema.ts';

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

export const foundBase = z.object({
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

export const missingBase = z.object({
  missing: z.string().describe('Why there is nothing to compare with.'),
  sha: baseCommit.sha.optional(),
  ref: baseCommit.ref.optional(),
});
