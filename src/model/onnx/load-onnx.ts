import { existsSync, realpathSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { InferenceSession } from 'onnxruntime-web';

import { ConfigurationError } from '../../foundation/errors.ts';
import { modelFailure } from '../engine-failure.ts';
import { operatorGraph } from '../cut/show-graph.ts';
import type { LoadRequest, LoadedFiles } from '../load-request.ts';
import type { CutModel, CutWish, LoadedModel, SplitModel } from '../loaded-model.ts';
import { cutSessions } from './cut/cut-session.ts';
import { indexGraph } from './cut/graph-index.ts';
import { splitSessions } from './cut/split-session.ts';
import { writeAllTraced } from './cut/write-part.ts';
import type { ExternalFile } from './external-data.ts';
import { externalFiles, externalLocations } from './external-data.ts';
import { refuseForeignType } from './foreign-types.ts';
import type { OperatorGraph } from '../operator-graph.ts';
import { onnxModel, restingModel } from './onnx-model.ts';
import type { OnnxRuntime } from './onnx-runtime.ts';
import { onnxRuntime } from './onnx-runtime.ts';
import { WireError } from './protobuf.ts';

/** A protobuf message has at most 2 GiB, by its own definition; larger models keep their weights in files beside. */
const MAX_GRAPH_BYTES = 2 ** 31 - 1;

/** What is read before an engine sees it: half of what a WebAssembly memory holds. Larger ones only native code opens. */
const MAX_HELD_BYTES = 2 ** 31 - 1;

/** Largest difference, relative to the largest output, that WebAssembly kernels leave when other nodes run beside them. */
const EMBEDDED_TOLERANCE = 1e-6;

/**
 * The same for float16. Neither runtime has arithmetic for it: they compute in float32, and round (by 2 ** -11) where they
 * must. A cut is one place more; a few such roundings may meet.
 */
const HALF_TOLERANCE = 2 ** -9;

/**
 * Opens an ONNX model with the runtime that is asked for.
 *
 * @throws ConfigurationError when the file is no ONNX model, names weights outside its folder, or the runtime refuses it
 */
export async function loadOnnx(request: LoadRequest): Promise<LoadedFiles> {
  const bytes = await readModel(request);
  const beside = await weightFiles(bytes, request);
  const runtime = await onnxRuntime(request);
  const files = [request.file, ...beside.map(({ file }) => file)];
  const total = await sizeOf(files);
  refuseTooLarge(total, runtime, request);
  if (total > MAX_HELD_BYTES) {
    refuseScattered(total, beside, request);
    const session = await opened(runtime.ort.InferenceSession.create(request.file, runtime.session), request);
    return { loaded: onnxModel(runtime, session), files };
  }
  let first: Uint8Array | undefined = bytes;
  const whole = await restingModel(runtime, async () => {
    // Read again rather than held on to: the engine has a copy of its own.
    const model = first ?? (await readModel(request));
    first = undefined;
    return openSession(runtime, model, beside, request);
  });
  return { loaded: cuttable(runtime, whole, beside, request), files };
}

/** The model, which can be cut. What it is cut into is closed with it. */
function cuttable(
  runtime: OnnxRuntime,
  whole: LoadedModel,
  beside: readonly ExternalFile[],
  request: LoadRequest,
): LoadedModel {
  const models = [whole];
  const cut = async ({ plain, ...wish }: CutWish): Promise<CutModel> => {
    const level = plain ? { graphOptimizationLevel: 'disabled' as const } : {};
    const own = { ...runtime, session: { ...runtime.session, ...level } };
    const open = async (part: Uint8Array): Promise<InferenceSession> => {
      // Its weights need not be held twice; it is opened again if it has to run.
      await whole.rest?.();
      const session = await openSession(own, part, beside, request);
      models.push(onnxModel(own, session));
      return session;
    };
    const bytes = await readModel(request);
    const { isHalf, sources, traced, suffix } = await cutSessions(bytes, request.path, wish, open);
    const parts = {
      traced: onnxModel(own, traced),
      suffix: onnxModel(own, suffix),
      sources,
      tolerance: toleranceOf(runtime, isHalf),
    };
    if (!plain) return { whole, ...parts };
    const openWhole = async (): Promise<InferenceSession> =>
      openSession(own, await readModel(request), beside, request);
    const plainWhole = await restingModel(own, openWhole);
    models.push(plainWhole);
    return { whole: plainWhole, ...parts };
  };
  const close = async (): Promise<void> => {
    await Promise.all(models.splice(0).map((model) => model.close()));
  };
  const show = async (): Promise<OperatorGraph> => operatorGraph(indexGraph(await readModel(request)));
  const trace = async (tensors: readonly string[]): Promise<LoadedModel> => {
    const bytes = writeAllTraced(indexGraph(await readModel(request)), tensors);
    const traced = onnxModel(runtime, await openSession(runtime, bytes, beside, request));
    models.push(traced);
    return traced;
  };
  const split = async (wish: Omit<CutWish, 'plain' | 'kept'>): Promise<SplitModel> => {
    const open = (part: Uint8Array): Promise<InferenceSession> => openSession(runtime, part, beside, request);
    const { isHalf, ...parts } = await splitSessions(await readModel(request), request.path, wish, open);
    const [prefix, suffix] = [parts.prefix, parts.suffix].map(({ bytes, session }) => {
      const loaded = onnxModel(runtime, session);
      models.push(loaded);
      return { bytes, loaded };
    });
    return { prefix, suffix, tolerance: toleranceOf(runtime, isHalf), hasFilesBeside: beside.length > 0 };
  };
  return { ...whole, cut, split, show, trace, close };
}

function toleranceOf({ isNative }: OnnxRuntime, isHalf: boolean): number {
  return isHalf ? HALF_TOLERANCE : isNative ? 0 : EMBEDDED_TOLERANCE;
}

function readModel({ path, workspace }: LoadRequest): Promise<Uint8Array> {
  return workspace.read(path, 'model', MAX_GRAPH_BYTES);
}

async function weightFiles(bytes: Uint8Array, { path, workspace }: LoadRequest): Promise<ExternalFile[]> {
  try {
    return await externalFiles(bytes, path, workspace);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new ConfigurationError(
      `The model "${path}" is not an ONNX file, or it is damaged (${error.message}). Export or copy it again.`,
    );
  }
}

async function sizeOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function refuseTooLarge(total: number, { isNative }: OnnxRuntime, { path }: LoadRequest): void {
  if (total <= MAX_HELD_BYTES || isNative) return;
  throw new ConfigurationError(
    `The model "${path}" has ${total} bytes with its weights; the embedded engine takes at most ${MAX_HELD_BYTES}. Install the native one (npm i onnxruntime-node).`,
  );
}

/** The engine looks for the weights itself, by their names beside the model: those that lie elsewhere it cannot find. */
function refuseScattered(total: number, beside: readonly ExternalFile[], { path, file }: LoadRequest): void {
  const isBeside = (it: ExternalFile): boolean => {
    const place = join(dirname(file), it.location);
    return existsSync(place) && realpathSync(place) === it.file;
  };
  if (beside.every(isBeside)) return;
  throw new ConfigurationError(
    `The model "${path}" has ${total} bytes with its weights, and so large a one must lie with them in one folder. Put it there in a step before, and name its path.`,
  );
}

async function openSession(
  { ort, session }: OnnxRuntime,
  bytes: Uint8Array,
  beside: readonly ExternalFile[],
  request: LoadRequest,
): Promise<InferenceSession> {
  // A part needs some of the files, and each is held in memory.
  const named = new Set(externalLocations(bytes));
  const externalData = await Promise.all(
    beside
      .filter(({ location }) => named.has(location))
      .map(async (it) => ({ path: it.location, data: await readFile(it.file) })),
  );
  return opened(ort.InferenceSession.create(bytes, { ...session, externalData }), request);
}

async function opened(session: Promise<InferenceSession>, { path }: LoadRequest): Promise<InferenceSession> {
  try {
    return await session;
  } catch (error) {
    refuseForeignType(error, path);
    throw new ConfigurationError(
      `The model "${path}" cannot be opened as ONNX: ${modelFailure(error)}. Check it with onnx.checker.check_model, or export it again.`,
    );
  }
}
