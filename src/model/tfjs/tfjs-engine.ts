import util from 'node:util';

import type * as Converter from '@tensorflow/tfjs-converter';
import type * as Core from '@tensorflow/tfjs-core';
import type * as Layers from '@tensorflow/tfjs-layers';

import { ConfigurationError } from '../../foundation/errors.ts';
import { engineSays } from '../engine-failure.ts';
import { engineFilePath, userPackage } from '../engine-files.ts';
import type { LoadRequest } from '../load-request.ts';

/** What is used of a SavedModel that tfjs-node has opened. */
export interface SavedModel {
  predict(inputs: Core.NamedTensorMap): Core.NamedTensorMap;
  dispose(): void;
}

/** One side of a signature, by the names that `predict` takes and gives; of shapes the package hands out messages of its own. */
export type SignatureSide = Readonly<
  Record<string, { readonly dtype: string; readonly shape: readonly { getSize(): number }[] }>
>;

/** How tfjs-node reads SavedModel folders. */
export interface SavedModelReader {
  /** With the default tags and signature: `serve`, `serving_default`. */
  loadSavedModel(path: string): Promise<SavedModel>;
  getMetaGraphsFromSavedModel(path: string): Promise<
    readonly {
      readonly tags: readonly string[];
      readonly signatureDefs: Readonly<
        Record<string, { readonly inputs: SignatureSide; readonly outputs: SignatureSide }>
      >;
    }[]
  >;
}

/** One TensorFlow.js, ready to open models. */
export interface TfEngine {
  /** `tfjs 4.22.0` */
  readonly name: string;
  /** In order of preference. */
  readonly backends: readonly [string, ...string[]];
  readonly core: typeof Core;
  readonly loadLayersModel: typeof Layers.loadLayersModel;
  readonly loadGraphModel: typeof Converter.loadGraphModel;
  /** Only native TensorFlow reads SavedModel folders. */
  readonly savedModels?: SavedModelReader;
}

/** What is used of `@tensorflow/tfjs-node`: the libraries above in one namespace. */
type TfNodePackage = typeof Core &
  Pick<typeof Layers, 'loadLayersModel'> &
  Pick<typeof Converter, 'loadGraphModel'> & {
    readonly version: Readonly<Record<string, string>>;
    readonly node: SavedModelReader;
  };

/**
 * The TensorFlow.js that a gate asks for: native where the user has it installed, else the embedded one.
 *
 * @throws ConfigurationError when `tfjs-node` is asked for and is not there, or does not start
 */
export async function tfEngine(request: LoadRequest): Promise<TfEngine> {
  if (request.engine === 'tfjs') return embedded();
  try {
    const engine = native(request.packages);
    if (engine !== undefined) return engine;
  } catch (error) {
    const reason = `@tensorflow/tfjs-node is installed, but does not start: ${engineSays(error)}.`;
    if (request.engine === 'tfjs-node') {
      throw new ConfigurationError(
        `${reason} Reinstall it (npm i @tensorflow/tfjs-node), or set engine: tfjs.`,
      );
    }
    request.logger.warning(`${reason} The embedded engine is used instead.`);
  }
  if (request.engine === 'tfjs-node') {
    throw new ConfigurationError(
      'engine: tfjs-node is asked for, but the package is not installed where fusion-gate runs. Install it there (npm i @tensorflow/tfjs-node), or set engine: auto.',
    );
  }
  return embedded();
}

function native(packages: string): TfEngine | undefined {
  restoreRemovedFunctions();
  // TensorFlow tells standard error of its optimisations; what fails it also throws.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const tf = userPackage('@tensorflow/tfjs-node', packages) as TfNodePackage | undefined;
  if (tf === undefined) return undefined;
  return {
    name: `tfjs-node ${tf.version['tfjs-node'] ?? tf.version_core}`,
    backends: ['tensorflow'],
    core: tf,
    loadLayersModel: tf.loadLayersModel,
    loadGraphModel: tf.loadGraphModel,
    savedModels: tf.node,
  };
}

/** tfjs-node 4.22 calls two functions of `node:util` that newer Nodes warn of, or have removed. */
function restoreRemovedFunctions(): void {
  const mutable = util as { isNullOrUndefined?: unknown; isArray?: unknown };
  mutable.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  mutable.isArray = Array.isArray;
}

async function embedded(): Promise<TfEngine> {
  const [core, layers, converter, wasm] = await Promise.all([
    import('@tensorflow/tfjs-core'),
    import('@tensorflow/tfjs-layers'),
    import('@tensorflow/tfjs-converter'),
    import('@tensorflow/tfjs-backend-wasm'),
    import('@tensorflow/tfjs-backend-cpu'),
  ]);
  const name = 'tfjs-backend-wasm-simd.wasm';
  const path = engineFilePath(name, `@tensorflow/tfjs-backend-wasm/dist/${name}`);
  wasm.setWasmPaths(path.slice(0, -name.length));
  // Without this the library greets on standard error and advises its native sister.
  core.enableProdMode();
  return {
    name: `tfjs ${core.version_core}`,
    backends: ['wasm', 'cpu'],
    core,
    loadLayersModel: layers.loadLayersModel,
    loadGraphModel: converter.loadGraphModel,
  };
}
