import { z } from 'zod';

import type { MetricName } from '../../diagnostic/diagnosis.ts';
import { METRIC_WORDS } from '../../diagnostic/metrics/metric-words.ts';

export const share = z.number().min(0).max(1);

export const count = z.int().min(0);

// Without bounds: the last bit of a float may put these a hair beyond 1, and that is no reason to lose a report.
export const correlation = z.number();

export const gap = z.number();

const sha256 = z.string().describe('SHA-256 of the file, hexadecimal; empty where there is no file.');

/** Every metric by its name. */
export const metricName = z.enum(Object.keys(METRIC_WORDS) as MetricName[]);

export const accuracies = z.object({
  accuracy: share.describe('Share of the evaluated examples that are classified right.'),
  balancedAccuracy: share.describe('Mean recall over the classes that occur among the labels.'),
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
