import { z } from 'zod';

import { VERDICTS } from '../diagnostic/diagnosis.ts';
import { TASKS } from '../diagnostic/examples.ts';
import { OBSTACLES } from '../diagnostic/score-findings.ts';
import { foundBase, leakageFinding, missingBase } from './schema/base-schema.ts';
import { alignment, calibration, competitiveness, control, headroom } from './schema/experts-schema.ts';
import {
  accuracies,
  candidate,
  evaluationSet,
  exchange,
  gap,
  metricName,
  share,
} from './schema/judged-schema.ts';
import { exact, metricResult } from './schema/metrics-schema.ts';
import { acrossFolds, foldResult, sliceResult } from './schema/parts-schema.ts';
import { armResult, remedies, scoreEffect } from './schema/remedies-schema.ts';
import {
  broken,
  equivalence,
  gapWithInterval,
  pIntervals,
  pValues,
  power,
} from './schema/sureness-schema.ts';

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
