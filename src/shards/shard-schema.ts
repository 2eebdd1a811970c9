import { z } from 'zod';

import { leakageFinding } from '../report/schema/base-schema.ts';
import { alignment, competitiveness, headroomFacts } from '../report/schema/experts-schema.ts';
import {
  accuracies,
  candidate,
  evaluationSet,
  exchange,
  metricName,
} from '../report/schema/judged-schema.ts';
import { MAX_BINS, MAX_POINTS } from '../diagnostic/score-calibration.ts';
import { MAX_FOLDS, MAX_SLICES, TASKS } from '../diagnostic/examples.ts';
import { classes, counts, flags, grains, shares, sums, values } from './number-lists.ts';
import { withCounts } from './shard-counts.ts';
import { MAX_SHARDS } from './shard-number.ts';
import { ARMS, ARM_REASONS, CALIBRATION_REASONS, CHANGES } from '../diagnostic/score-findings.ts';

/** The limits of the config file. */
const MAX_DRAWS = 1_000_000;
const MAX_RESAMPLES = 100_000;
const MAX_GATES = 100;
/** Of leakage: more than any gate has scores and checks. */
const MAX_FINDINGS = 10_000;
const MAX_SLICE_COLUMNS = 10;

const text = z.string().max(10_000);
const modalityName = text.min(1);
const share = z.number().min(0).max(1);
const draws = z.int().min(1).max(MAX_DRAWS);

const outcomes = z.strictObject({
  hits: sums.describe(
    'Right predictions per class (of each fold), or their weights, one draw after the other.',
  ),
  values: values.describe('What the metrics give that are no such counts, one draw after the other.'),
});
const perClass = sums.describe('Right predictions per class (of each fold), or their weights.');
const units = grains.describe('Parts of a metric by example or group of examples, in grains.');

const controlFacts = z.strictObject({
  best: outcomes.nullable().describe('The best that any rule could give; null where that is not known.'),
  truthful: outcomes.describe('With truthful scores.'),
  chance: share.optional().describe('Mean AUROC of truthful scores that were shuffled; left out where 1/2.'),
});

const ofFoldExperts = z.strictObject({
  headroom: headroomFacts.nullable(),
  competitiveness: competitiveness.nullable(),
  alignment: z.record(modalityName, alignment),
});

const folds = z.strictObject({
  of: classes.describe('Number of the fold of each row.'),
  names: z.array(text).min(1).max(MAX_FOLDS).describe('Names of the folds.'),
  repeats: z
    .array(z.array(z.int().min(0)).min(1).max(MAX_FOLDS))
    .min(1)
    .max(MAX_FOLDS)
    .describe('Numbers of the folds that share no example, by repeat.'),
  experts: z
    .array(ofFoldExperts)
    .nullable()
    .describe('As in the report, by fold; null without expert outputs.'),
  constantScores: z
    .array(z.array(modalityName))
    .describe('Modalities whose score is the same on every row, by fold.'),
});

const sliceFacts = z.strictObject({
  column: text.describe('The column that makes the slices.'),
  of: classes.describe('Number of the slice of each row.'),
  names: z.array(text).min(1).max(MAX_SLICES).describe('Its values.'),
  uniform: sums.describe('Right predictions per class of each slice with equal scores, or their weights.'),
  gauges: z
    .array(z.strictObject({ clean: values, uniform: values, rows: counts.optional(), units }).nullable())
    .max(MAX_SLICES)
    .describe(
      'The gating metric in each slice, in each repeat, where it is no count; null where it cannot be had.',
    ),
});

const arm = z.strictObject({
  name: z.enum([...ARMS, ...CHANGES]).describe('Which scores.'),
  modality: modalityName.nullable().describe('The one whose score is changed; null where all are.'),
  leftOut: z.enum(ARM_REASONS).nullable().describe('Why there is nothing to say of it.'),
  found: z
    .strictObject({
      changed: counts.describe('Rows on which it is right and Clean-Q wrong, or the other way round.'),
      values: values.describe('What the gating metric gives in each fold, where it is no count.'),
      units: z.array(units).max(1).describe('Its units, where it is no count.'),
    })
    .nullable(),
});

const number = z.number();
const calibration = z.strictObject({
  found: z
    .strictObject({
      reliableWhen: z.enum(['high', 'low']),
      isProbability: z.boolean(),
      bins: z
        .array(
          z.strictObject({
            lower: number,
            upper: number,
            count: z.int().min(1),
            right: z.int().min(0),
            meanScore: number,
          }),
        )
        .min(1)
        .max(MAX_BINS),
      error: share.nullable(),
      riskCoverage: z.strictObject({
        coverage: z.array(share).min(1).max(MAX_POINTS),
        risk: z.array(share).min(1).max(MAX_POINTS),
        aurc: share,
        optimalAurc: share,
        chanceAurc: share,
      }),
    })
    .nullable(),
  leftOut: z.enum(CALIBRATION_REASONS).nullable(),
});

const facts = z.strictObject({
  modalities: z.array(modalityName).min(1).describe('The modalities, in the order of the config.'),
  scheme: z.enum(['independent', 'joint', 'bank']).describe('How scores are shuffled.'),
  count: draws.describe('Number of shuffles of the whole run, K.'),
  secondaryCount: draws.describe('Shuffles of each further analysis of the whole run.'),
  task: z
    .enum(TASKS)
    .describe('What the model tells: classes, a value, or which of several labels an example has.'),
  labels: classes.describe('True class of each example; of values, 0.'),
  clean: flags.describe('1 where the prediction with Clean-Q is right, by example.'),
  uniform: perClass.describe('Right predictions per class with equal scores.'),
  gauges: z
    .array(
      z.strictObject({
        name: metricName,
        clean: values,
        uniform: values,
        grain: z.number().positive().describe('What its units are whole numbers of.'),
        rows: counts.optional().describe('Row of each unit; left out where all rows are, or groups of them.'),
        units,
      }),
    )
    .describe(
      'The metrics that are no counts of right predictions, with Clean-Q and with equal scores, in each fold.',
    ),
  experts: z
    .strictObject({
      experts: z.record(modalityName, accuracies).nullable(),
      expertMetric: z.record(modalityName, z.number().nullable()).nullable(),
      ...ofFoldExperts.shape,
    })
    .nullable()
    .describe('As in the report; null without expert outputs.'),
  constantScores: z.array(modalityName).describe('Modalities whose score is the same on every row.'),
  correctness: controlFacts.nullable().describe('Scores that name the experts that are right.'),
  corruption: z
    .array(controlFacts.extend({ modality: modalityName }))
    .describe('Scores that name the rows whose evidence was replaced, by modality.'),
  arms: z.array(arm).describe('What the frozen rule makes of scores that are not its own.'),
  calibration: z
    .record(modalityName, calibration)
    .nullable()
    .describe('As in the report, without intervals.'),
  clusters: classes.optional().describe('Cluster of each example, where they hang together.'),
  weights: sums
    .optional()
    .describe('Weight of each example, where they are not all the same: whole numbers.'),
  exchange: exchange.optional(),
  folds: folds.nullable().describe('Null where all examples are one fold.'),
  slices: z.array(sliceFacts).max(MAX_SLICE_COLUMNS).optional().describe('By column.'),
});

const controlDraws = z.strictObject({
  broken: outcomes.describe('The same with truthful scores shuffled.'),
  doses: z
    .strictObject({ auroc: shares.describe('AUROC of each mixture.'), ...outcomes.shape })
    .describe('Scores that are truthful in part.'),
});

const exactSums = z
  .strictObject({
    peers: counts.describe('How many rows, or blocks, each example may get its scores from.'),
    right: counts.describe('With how many of the scores that it may get each example was right.'),
    units: z.array(units).describe('Summed over these scores, by metric; empty of one that is no mean.'),
  })
  .nullable();

const drawn = z.strictObject({
  main: z.strictObject({
    ...outcomes.shape,
    flipped: sums.describe('Examples whose predicted class or value changed, or their weights, per draw.'),
    moved: values.describe('Mean absolute movement of the predicted values, per draw; none of classes.'),
    right: counts.describe('Draws in which each example was right.'),
    units: z.array(units).describe('Summed over the draws, by metric.'),
    slices: z
      .array(z.strictObject({ ...outcomes.shape, units: z.array(units).describe('By slice.') }))
      .max(MAX_SLICE_COLUMNS)
      .optional()
      .describe('The same in each slice, by column.'),
  }),
  perModality: z
    .array(
      z.strictObject({
        ...outcomes.shape,
        right: counts.describe('Draws in which each example was right.'),
        units: z.array(units).max(1).describe('Summed over the draws, where the gating metric is no count.'),
      }),
    )
    .describe("Only one modality's scores shuffled, by modality."),
  joint: outcomes.nullable().describe('Whole rows of scores shuffled.'),
  correctness: controlDraws.nullable(),
  corruption: z.array(controlDraws).describe('In the order of the facts.'),
  exact: z
    .strictObject({ main: exactSums, joint: exactSums, perModality: z.array(exactSums) })
    .describe('Of all pairs of an example and scores that it may get; null where not all are taken.'),
});

const plan = z.strictObject({
  metric: metricName,
  metrics: z.array(metricName),
  threshold: z.number().positive(),
  alpha: z.number().positive().max(0.5),
  permutations: z.strictObject({ seed: z.int().min(0), most: draws.optional() }),
  interval: z.strictObject({
    method: z.enum(['bca', 'percentile']),
    confidence: z.number().min(0.5).max(0.999),
    resamples: z.int().min(1).max(MAX_RESAMPLES),
  }),
  control: z.strictObject({ threshold: z.number().positive() }),
  failOnInconclusive: z.boolean(),
  failOnRegression: z.boolean().optional(),
});

const gate = z.strictObject({
  name: text.describe('Identity of the gate, from the config.'),
  model: candidate.describe('What was measured.'),
  evaluationSet: evaluationSet.describe('What it was measured on.'),
  classes: z.array(text).nullable().describe('Class names, where the config gives them.'),
  warnings: z.array(text).max(1000).describe('What the user should know and that changes no number.'),
  leakage: z.array(leakageFinding).max(MAX_FINDINGS).describe('As in the report.'),
  seconds: z.number().min(0).describe('Time that the measurements took.'),
  plan: plan.describe('What decides the verdict besides the measurements.'),
  config: text.describe("SHA-256 of the gate's config and of what it reads besides, hexadecimal."),
  measurements: z
    .strictObject({
      facts: facts.describe('What is the same in all shards.'),
      draws: drawn.describe("What this shard's draws gave."),
      invalid: text.nullable().describe('Why nothing can be judged; null when it can.'),
    })
    .transform(withCounts),
});

/** A shard file, version 1: `ShardFile` as zod. Its JSON Schema is committed as `schema/shard.schema.json`. */
export const shardSchema = z
  .strictObject({
    kind: z.literal('fusion-gate-shard').describe('Always fusion-gate-shard.'),
    version: z.literal(1).describe('Version of this format.'),
    tool: z
      .strictObject({ name: z.literal('fusion-gate'), version: text })
      .describe('What wrote the file; only the same version merges it.'),
    name: text.describe('Identity of the comment on the merged report.'),
    shard: z
      .strictObject({ index: z.int().min(1).max(MAX_SHARDS), of: z.int().min(1).max(MAX_SHARDS) })
      .refine(({ index, of }) => index <= of, 'the shard must be one of those that there are')
      .describe('Which part of the draws, from 1, of how many.'),
    gates: z.array(gate).min(1).max(MAX_GATES).describe('One entry a gate, in the order of the config.'),
  })
  .describe('What fusion-gate measured on a part of the shuffles.');
