import type { TensorInfo } from '../loaded-model.ts';
import type { TfModel } from './tf-model.ts';
import { freeSizes } from './tf-model.ts';
import type { SavedModelReader, SignatureSide, TfEngine } from './tfjs-engine.ts';

const TAG = 'serve';
const SIGNATURE = 'serving_default';

/** A TensorFlow SavedModel, by its default signature. The library shows nothing of what lies inside. */
export async function openSavedModel(
  engine: TfEngine,
  reader: SavedModelReader,
  folder: string,
): Promise<TfModel> {
  // It refuses a folder without that signature.
  const model = await reader.loadSavedModel(folder);
  const graphs = await reader.getMetaGraphsFromSavedModel(folder);
  const { inputs, outputs } = graphs.find(({ tags }) => tags.join() === TAG)!.signatureDefs[SIGNATURE];
  return {
    inputs: tensorInfos(inputs),
    outputs: tensorInfos(outputs),
    backends: engine.backends,
    forward: (tensors, fetch) =>
      engine.core.tidy(() => {
        const results = model.predict(tensors);
        return fetch.map((name) => results[name]);
      }),
    dispose: () => {
      model.dispose();
    },
  };
}

function tensorInfos(side: SignatureSide): TensorInfo[] {
  return Object.entries(side).map(([name, { dtype, shape }]) => ({
    name,
    dtype,
    shape: freeSizes(shape.map((size) => size.getSize())),
  }));
}
