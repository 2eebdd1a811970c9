import { z } from 'zod';

import { VERDICTS } from '../diagnostic/diagnosis.ts';

/** Of a name, a path or a ref: whoever may push may write these. */
const LONGEST_TEXT = 4096;
const MOST_MODALITIES = 1000;

const text = z.string().max(LONGEST_TEXT);
const share = z.number().min(0).max(1);
const sha256 = z
  .string()
  .regex(/^([0-9a-f]{64})?$/)
  .describe('SHA-256 of the file, hexadecimal; empty where there is no file.');

const control = z
  .object({
    gap: z.number().describe('Its gap.'),
    p: share.describe('Its one-sided p-value.'),
    passed: z.boolean().describe('Whether the rule profits from a truthful score.'),
  })
  .nullable();

/**
 * One line of a history: what one gate found at one commit. Its JSON Schema is committed as
 * `schema/history.schema.json`.
 */
export const historyRecord = z
  .object({
    version: z.literal(1).describe('Version of this format. Keys may be added within a version.'),
    gate: text.min(1).describe('Name of the gate.'),
    sha: z
      .string()
      .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/)
      .describe('The commit that was judged.'),
    ref: text.describe('The branch or tag that it was judged on; empty where there is none.'),
    time: z.iso.datetime().describe('When it was judged, in UTC.'),
    pullRequest: z
      .int()
      .positive()
      .nullable()
      .describe('The pull request that brought the commit, if known.'),
    tool: text.describe('Version of fusion-gate.'),
    model: z.object({ path: text, sha256 }).describe('What was judged.'),
    evaluationSet: z
      .object({
        path: text,
        sha256,
        evaluated: z.int().min(0).describe('Evaluated rows.'),
        weight: text.optional().describe('The column of their weights, where they had any.'),
      })
      .describe('What it was judged on.'),
    // Not the list of today: a later version may add a metric without making a new format of it.
    metric: z.string().min(1).max(64).describe('The gating metric.'),
    threshold: z.number().describe("Smallest gap that counts, in the metric's own unit."),
    alpha: share.describe('Largest p-value that counts.'),
    verdict: z.enum(VERDICTS).describe('What was found about the reliability scores.'),
    conclusion: z.enum(['success', 'failure', 'inconclusive', 'error']).describe('How the gate ended.'),
    clean: z.number().describe('Gating metric with the scores as given (Clean-Q).'),
    broken: z.number().describe('Its mean with the scores shuffled (Broken-Q).'),
    gap: z
      .object({ value: z.number(), lower: z.number(), upper: z.number(), confidence: share })
      .describe('The permutation gap and its interval.'),
    p: share.describe('Its one-sided p-value.'),
    modalities: z
      .array(
        z.object({
          name: text.describe('The modality.'),
          gap: z.number().describe('The gap where only its scores are shuffled.'),
          p: share.describe('The one-sided p-value of that gap.'),
          auroc: share
            .nullable()
            .describe('AUROC of its score as a predictor of its expert being right; null where unknown.'),
        }),
      )
      .max(MOST_MODALITIES)
      .describe('Modality by modality.'),
    controls: z.object({ correctness: control, corruption: control }).describe('The positive controls.'),
  })
  .describe('What one gate found at one commit.');

export type HistoryRecord = Readonly<z.infer<typeof historyRecord>>;
