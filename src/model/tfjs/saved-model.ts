import type { ModelTensorInfo } from '@tensorflow/tfjs-core';

import type { TensorInfo } from '../loaded-model.ts';
import type { TfModel } from './tf-model.ts';
import { freeSizes } from './tf-model.ts';
import type { SavedModel, TfEngine } from './tfjs-engine.ts';

/** A TensorFlow SavedModel, by its default signature (`serve`, `serving_default`). */
export async function openSavedModel(
  engine: TfEngine,
  load: (path: string) => Promise<SavedModel>,
  folder: string,
): Promise<TfModel> {
  const model = await load(folder);
  return {
    inputs: model.inputs.map(tensorInfo),
    outputs: model.outputs.map(tensorInfo),
    backends: engine.backends,
    forward: (inputs, fetch) =>
      engine.core.tidy(() => {
        const results = model.predict(inputs);
        return fetch.map((name) => results[name]);
      }),
    dispose: () => {
      model.dispose();
    },
  };
}

function tensorInfo({ name, dtype, shape }: ModelTensorInfo): TensorInfo {
  return { name, dtype, shape: freeSizes(shape) };
}
