import type { io } from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { ConfigurationError } from '../../foundation/errors.ts';
import type { LoadRequest } from '../load-request.ts';
import { locateWeights } from '../weights-beside.ts';
import { readWeights, weightSpec } from './weight-files.ts';

const MAX_JSON_BYTES = 256 * 2 ** 20;

const modelJson = z.looseObject({
  format: z.string().nullish(),
  modelTopology: z.looseObject({}),
  weightsManifest: z
    .array(z.looseObject({ paths: z.array(z.string()), weights: z.array(weightSpec) }))
    .default([]),
});

/** A TensorFlow.js model as read from disk, nothing built yet. */
export interface TfModelFiles {
  readonly format: 'layers' | 'graph';
  readonly topology: object;
  /** Hands the model to the library, which itself can read files only in a browser. */
  readonly handler: io.IOHandler;
  /** model.json and its weight files, absolute. */
  readonly files: readonly string[];
}

/**
 * Reads a `model.json` and the weight files it names.
 *
 * @throws ConfigurationError when it is no TensorFlow.js model, or its weights are missing, outside the workspace, or
 * not as large as it says
 */
export async function readModelJson({ path, file, workspace }: LoadRequest): Promise<TfModelFiles> {
  const model = parse((await workspace.read(path, 'model', MAX_JSON_BYTES)).toString('utf8'), path);
  const weightSpecs = model.weightsManifest.flatMap(({ weights }) => weights);
  const shards: string[] = [];
  for (const shard of model.weightsManifest.flatMap(({ paths }) => paths)) {
    shards.push(await locateWeights(path, shard, workspace));
  }
  const weightData = await readWeights(path, shards, weightSpecs);
  // What training needs is left out: an unknown loss or optimizer is no reason to refuse a model.
  const artifacts = { ...model, trainingConfig: undefined, weightSpecs, weightData };
  return {
    format: formatOf(model),
    topology: model.modelTopology,
    handler: { load: () => Promise.resolve(artifacts as io.ModelArtifacts) },
    files: [file, ...shards],
  };
}

function parse(text: string, path: string): z.output<typeof modelJson> {
  const parsed = modelJson.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue.path.length === 0 ? 'the file' : `"${issue.path.join('.')}"`;
  const what = issue.message.endsWith('received undefined')
    ? `${where} is missing`
    : `${where}: ${issue.message}`;
  throw new ConfigurationError(
    `The model "${path}" is not a TensorFlow.js model.json: ${what}. Make one with tensorflowjs_converter or model.save().`,
  );
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ConfigurationError(
      `The model "${path}" is not valid JSON. A TensorFlow.js model is a model.json with weight files beside it.`,
    );
  }
}

function formatOf({ format, modelTopology }: z.output<typeof modelJson>): TfModelFiles['format'] {
  if (format === 'graph-model') return 'graph';
  return format === 'layers-model' || !('node' in modelTopology) ? 'layers' : 'graph';
}
