import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';

import { ConfigurationError } from '../../foundation/errors.ts';
import { pointerError, readPointer } from '../../foundation/pointer-file.ts';
import { filesBelow } from '../../foundation/workspace.ts';
import { modelFailure } from '../engine-failure.ts';
import type { LoadRequest, LoadedFiles } from '../load-request.ts';
import { openGraphModel } from './graph-model.ts';
import { openLayersModel } from './layers-model.ts';
import { readModelJson } from './model-json.ts';
import { openSavedModel } from './saved-model.ts';
import type { TfModel } from './tf-model.ts';
import { runnable } from './tf-model.ts';
import type { TfEngine } from './tfjs-engine.ts';
import { tfEngine } from './tfjs-engine.ts';

/**
 * Opens a TensorFlow.js `model.json`, a LayersModel or a GraphModel.
 *
 * @throws ConfigurationError when it is none, its weights do not fit, or it holds layers whose code is elsewhere
 */
export async function loadTfjs(request: LoadRequest): Promise<LoadedFiles> {
  const model = await readModelJson(request);
  const engine = await tfEngine(request);
  const open = model.format === 'graph' ? openGraphModel : openLayersModel;
  const opened = await inOneSentence(engine, request, () => open(engine, model, request.path));
  return { loaded: runnable(engine, opened), files: model.files };
}

/**
 * Opens a TensorFlow SavedModel folder, which only the native engine reads.
 *
 * @throws ConfigurationError when the folder is none, or the native engine is not there
 */
export async function loadSavedModel(request: LoadRequest): Promise<LoadedFiles> {
  const { path, file } = request;
  if (!existsSync(join(file, 'saved_model.pb'))) {
    const json = existsSync(join(file, 'model.json')) ? ` Did you mean "${join(path, 'model.json')}"?` : '';
    throw new ConfigurationError(
      `The model "${path}" is a folder without a saved_model.pb, so it is no TensorFlow SavedModel.${json}`,
    );
  }
  const files = await filesBelow(file);
  for (const part of files) refusePointer(part, join(path, relative(file, part)));
  const engine = await tfEngine(request);
  const { savedModels } = engine;
  if (savedModels === undefined) {
    throw new ConfigurationError(
      `The model "${path}" is a TensorFlow SavedModel, which only tfjs-node reads. Install it (npm i @tensorflow/tfjs-node), or convert the model: tensorflowjs_converter --input_format=tf_saved_model --output_format=tfjs_graph_model.`,
    );
  }
  const opened = await inOneSentence(engine, request, () => openSavedModel(engine, savedModels, file));
  return { loaded: runnable(engine, opened), files };
}

/** The engine opens the files of the folder itself, by their own names. */
function refusePointer(file: string, path: string): void {
  const pointer = readPointer(file);
  if (pointer !== undefined) throw pointerError(pointer, path, 'weight file');
}

async function inOneSentence(
  { core, backends }: TfEngine,
  { path }: LoadRequest,
  open: () => Promise<TfModel>,
): Promise<TfModel> {
  try {
    await core.setBackend(backends[0]);
    return await open();
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(
      `The model "${path}" cannot be opened by TensorFlow.js: ${modelFailure(error)}. Convert or save it again.`,
    );
  }
}
