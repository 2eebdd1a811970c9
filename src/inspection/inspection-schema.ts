import { z } from 'zod';

const name = z.string();
const tensor = z.object({
  name: name.describe('As the model calls it.'),
  dtype: z.string().describe('As the engine calls it: float32, int64, ...'),
  shape: z
    .array(z.int().nullable())
    .nullable()
    .describe('null where a size is free; null as a whole where it is not stated.'),
});

const spread = z.object({
  min: z.number().describe('Smallest.'),
  mean: z.number().describe('Mean.'),
  max: z.number().describe('Largest.'),
  std: z.number().min(0).describe('Standard deviation.'),
  constant: z.boolean().describe('The same on every row: shuffling it would change nothing.'),
});

const score = z.object({
  modality: name.describe('The modality that it speaks of.'),
  tensor: name.describe('The tensor that holds it.'),
  place: z
    .int()
    .nullable()
    .describe('Its place in a tensor with the scores of all modalities; null in one of its own.'),
  shape: z
    .array(z.union([z.int(), z.literal('N')]))
    .describe('The shape of the tensor; N is the number of examples.'),
  spread: spread.nullable().describe('Over the rows of the evaluation set; null without one.'),
  auroc: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe(
      'How well the score tells where the expert of its modality is right; null without labels or without an expert.',
    ),
});

const candidate = z.object({
  reason: z.string().describe('Why it is a candidate, in plain words.'),
  inside: z.boolean().describe('The model computes it; otherwise it is an input.'),
  axis: z
    .union([z.literal(0), z.literal(1)])
    .nullable()
    .describe(
      'The axis that runs over modalities, where one tensor holds the scores of all; null where each has its own.',
    ),
  orderKnown: z
    .boolean()
    .describe('The graph tells which score is whose; otherwise they stand in the order of the inputs.'),
  complete: z.boolean().describe('Every modality has a score.'),
  reliableWhen: z.enum(['high', 'low']).describe('Which end of the scores means reliable.'),
  scores: z.array(score).describe('A score for each modality.'),
});

/** What `inspect` and `init` print with `--json`. Keys may be added within a version. */
export const inspectionSchema = z
  .object({
    version: z.literal(1).describe('Version of this format.'),
    model: z
      .object({ path: z.string(), sha256: z.string(), engine: z.string() })
      .describe('What was inspected, and what ran it.'),
    evaluationSet: z
      .object({
        path: z.string(),
        rows: z.int().describe('Rows in the file.'),
        used: z.int().describe('Rows on which the scores were measured.'),
        label: z
          .string()
          .nullable()
          .describe('The column taken for the true class (or value); null where none could be told.'),
      })
      .nullable()
      .describe('The data that the model was tried on; null where rows were made up.'),
    inputs: z.array(tensor).describe("The model's inputs."),
    outputs: z.array(tensor).describe("The model's outputs."),
    output: z
      .object({
        tensor: name.describe('What is taken for the fused output.'),
        kind: z
          .enum(['logits', 'probabilities', 'value'])
          .describe('What its numbers look like; a single one is a value where labels have fractions.'),
        width: z.int().describe('Numbers per example.'),
        multiLabel: z
          .literal(true)
          .optional()
          .describe('Rows of the label column have several labels, or none: each number is of one of them.'),
      })
      .nullable()
      .describe('The fused output; null where the model could not be tried.'),
    modalities: z
      .array(
        z.object({
          name: name.describe('Made from the names of its inputs.'),
          inputs: z.array(name).describe('Evidence of this modality.'),
          expert: z
            .object({
              tensor: name.describe('The tensor that holds it.'),
              isOutput: z.boolean().describe('The model gives it out; otherwise it lies inside.'),
              kind: z
                .enum(['logits', 'probabilities', 'value'])
                .nullable()
                .describe('What its numbers look like; null where it cannot be told.'),
            })
            .nullable()
            .describe('What looks like its unimodal prediction.'),
        }),
      )
      .describe('What the inputs seem to belong to.'),
    candidates: z.array(candidate).describe('Candidates for reliability, the likeliest first.'),
    notes: z.array(z.string()).describe('What the user should know.'),
    written: z.string().nullable().describe('The config file that init wrote.'),
  })
  .describe('What fusion-gate found in a model.');

/** What was found in a model. */
export type Inspection = z.output<typeof inspectionSchema>;
export type FoundCandidate = Inspection['candidates'][number];
export type FoundScore = FoundCandidate['scores'][number];

/** What was found as JSON, its keys in the order of the schema. */
export function inspectionJson(inspection: Inspection): string {
  return `${JSON.stringify(inspectionSchema.parse(inspection), null, 2)}\n`;
}
