import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';

import type { Candidate } from '../config/gate-config.ts';
import { DEFAULT_SERVER_WISHES } from '../config/gate-from-file.ts';
import { servedParts } from '../config/server-url.ts';
import { ConfigurationError, enumerate } from '../foundation/errors.ts';
import type { Logger } from '../foundation/logger.ts';
import { sha256OfFiles, type Workspace } from '../foundation/workspace.ts';
import type { EngineName, LoadRequest, LoadedFiles } from './load-request.ts';
import type { LoadedModel } from './loaded-model.ts';
import type { HeadedModel } from './refuse-head.ts';
import { withHead } from './with-head.ts';

export interface LoadOptions {
  readonly logger: Logger;
  /** Threads to compute with. Default: one a core, at most 8. */
  readonly threads?: number;
  /** Folder from which native engines are looked up. Default: the working directory. */
  readonly packages?: string;
}

/** A loaded model and the hash of everything it was made of. */
export interface ModelFile {
  readonly loaded: LoadedModel;
  /** Hexadecimal; empty where there is no file. Of the file; of several files (weights beside it) of all their bytes, one behind the other. */
  readonly sha256: string;
  /** The two models that it was made of, where it has a head. */
  readonly headed?: HeadedModel;
}

interface ModelFormat {
  readonly what: string;
  readonly engines: readonly EngineName[];
  /** Engines are large, so each is loaded only when a model needs it. */
  load(request: LoadRequest): Promise<LoadedFiles>;
}

const FOLDER = 'folder';

const SERVED: Pick<ModelFormat, 'what' | 'engines'> = { what: 'a model on a server', engines: ['auto'] };

/** By extension. */
const FORMATS = new Map<string, ModelFormat>([
  [
    '.onnx',
    {
      what: 'an ONNX model',
      engines: ['auto', 'onnxruntime-web', 'onnxruntime-node'],
      load: async (request) => (await import('./onnx/load-onnx.ts')).loadOnnx(request),
    },
  ],
  [
    '.json',
    {
      what: 'a TensorFlow.js model',
      engines: ['auto', 'tfjs', 'tfjs-node'],
      load: async (request) => (await import('./tfjs/load-tfjs.ts')).loadTfjs(request),
    },
  ],
  [
    FOLDER,
    {
      what: 'a TensorFlow SavedModel folder',
      engines: ['auto', 'tfjs-node'],
      load: async (request) => (await import('./tfjs/load-tfjs.ts')).loadSavedModel(request),
    },
  ],
]);

const FROM_TORCH = 'export it to ONNX with torch.onnx.export(model, ..., dynamo=True)';
const FROM_KERAS = 'convert it with tensorflowjs_converter, or export it to ONNX with tf2onnx';

/** Files that hold a model in the words of the code that trained it, and what to do with them. */
const NEEDS_CODE = new Map([
  ['.pt', `a PyTorch checkpoint; ${FROM_TORCH}`],
  ['.pth', `a PyTorch checkpoint; ${FROM_TORCH}`],
  ['.safetensors', `a file of weights without their graph; ${FROM_TORCH}`],
  ['.h5', `a Keras model; ${FROM_KERAS}`],
  ['.keras', `a Keras model; ${FROM_KERAS}`],
  ['.pb', 'a TensorFlow graph; give the SavedModel folder that holds it'],
  ['.tflite', `a TensorFlow Lite model; ${FROM_KERAS}`],
  ['.pkl', 'a Python pickle, which runs code when it is opened; export it to ONNX with skl2onnx'],
  ['.joblib', 'a Python pickle, which runs code when it is opened; export it to ONNX with skl2onnx'],
]);

/** Each thread of the embedded engine takes memory of its own; beyond this they gain little. */
const MOST_THREADS = 8;

type ModelCandidate = Extract<Candidate, { kind: 'model' }>;

/**
 * Opens the model of a gate, and its head where it has one, with the engine that their file types and `engine:` ask for;
 * what an address names stays on its server.
 *
 * @throws ConfigurationError when a file is missing, outside the workspace, of an unknown type or damaged, when the
 * engine does not read it or is not installed, or when a server does not serve the model
 */
export async function loadModel(
  candidate: ModelCandidate,
  workspace: Workspace,
  options: LoadOptions,
): Promise<ModelFile> {
  const { path, head } = candidate;
  const model = await openPart(path, candidate, workspace, options);
  if (head === undefined) return hashed(model.loaded, model.files);
  try {
    const last = await openPart(head, candidate, workspace, options);
    const headed = { first: model.loaded, head: last.loaded, firstPath: path, headPath: head };
    const loaded = withHead(headed.first, headed.head);
    return { ...(await hashed(loaded, [...model.files, ...last.files])), headed };
  } catch (error) {
    await model.loaded.close();
    throw error;
  }
}

async function hashed(loaded: LoadedModel, files: readonly string[]): Promise<ModelFile> {
  return { loaded, sha256: files.length === 0 ? '' : await sha256OfFiles(files) };
}

async function openPart(
  path: string,
  candidate: ModelCandidate,
  workspace: Workspace,
  options: LoadOptions,
): Promise<LoadedFiles> {
  const {
    logger,
    threads = Math.min(availableParallelism(), MOST_THREADS),
    packages = process.cwd(),
  } = options;
  const { engine, server = DEFAULT_SERVER_WISHES } = candidate;
  if (Object.values(servedParts(candidate)).includes(path)) {
    refuseEngine(path, engine, SERVED);
    const { loadServed } = await import('./server/load-served.ts');
    return { loaded: await loadServed(path, server, logger), files: [] };
  }
  const file = await workspace.locate(path, 'model', 'either');
  const format = formatOf(path, statSync(file).isDirectory());
  refuseEngine(path, engine, format);
  return format.load({ path, file, engine, workspace, threads, packages, logger });
}

function formatOf(path: string, isFolder: boolean): ModelFormat {
  const extension = isFolder ? FOLDER : extname(path).toLowerCase();
  const format = FORMATS.get(extension);
  if (format !== undefined) return format;
  const needsCode = NEEDS_CODE.get(extension);
  if (needsCode !== undefined) throw new ConfigurationError(`The model "${path}" is ${needsCode}.`);
  throw new ConfigurationError(
    `The model "${path}" is of a type that is not known. A model is an .onnx file, a TensorFlow.js model.json, a TensorFlow SavedModel folder or the address of a model on a server.`,
  );
}

function refuseEngine(
  path: string,
  engine: EngineName,
  { what, engines }: Pick<ModelFormat, 'what' | 'engines'>,
): void {
  if (engines.includes(engine)) return;
  throw new ConfigurationError(
    `engine: ${engine} does not read "${path}", which is ${what}. Engines for it: ${enumerate(engines)}.`,
  );
}
