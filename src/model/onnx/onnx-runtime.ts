import type * as Ort from 'onnxruntime-web';

import { ConfigurationError } from '../../foundation/errors.ts';
import { engineSays } from '../engine-failure.ts';
import { engineFile, userPackage } from '../engine-files.ts';
import type { LoadRequest } from '../load-request.ts';

/** What both ONNX runtimes have in common: the same JavaScript interface over another machine. */
type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor'>;
type Versions = Ort.Env['versions'];

/** One ONNX runtime, ready to open models. */
export interface OnnxRuntime {
  /** `onnxruntime-web 1.30.0 (wasm, 2 threads)` */
  readonly engine: string;
  /** Native code can read the model's files itself; the embedded engine has to be handed their bytes. */
  readonly isNative: boolean;
  readonly ort: OrtModule;
  /** Always explicit: two runtimes in one process may share a registry of backends and then swap them silently. */
  readonly session: Ort.InferenceSession.SessionOptions;
}

/** Only what ends a session, or a run, is an error of the engine, and that is reported by us. */
export const QUIET = { logSeverityLevel: 4 } as const;

/**
 * The runtime that a gate asks for: native where the user has it installed, else the embedded one.
 *
 * @throws ConfigurationError when `onnxruntime-node` is asked for and is not there, or does not start
 */
export async function onnxRuntime(request: LoadRequest): Promise<OnnxRuntime> {
  if (request.engine === 'onnxruntime-web') return embedded(request.threads);
  try {
    const runtime = native(request);
    if (runtime !== undefined) return runtime;
  } catch (error) {
    const reason = `onnxruntime-node is installed, but does not start: ${engineSays(error)}.`;
    if (request.engine === 'onnxruntime-node') {
      throw new ConfigurationError(
        `${reason} Reinstall it (npm i onnxruntime-node), or set engine: onnxruntime-web.`,
      );
    }
    request.logger.warning(`${reason} The embedded engine is used instead.`);
  }
  if (request.engine === 'onnxruntime-node') {
    throw new ConfigurationError(
      'engine: onnxruntime-node is asked for, but the package is not installed where fusion-gate runs. Install it there (npm i onnxruntime-node), or set engine: auto.',
    );
  }
  return embedded(request.threads);
}

function native({ packages, threads }: LoadRequest): OnnxRuntime | undefined {
  const ort = userPackage('onnxruntime-node', packages) as (OrtModule & { env: Ort.Env }) | undefined;
  if (ort === undefined) return undefined;
  // `node` is set by the package and not in the type of the shared interface.
  const versions: Versions & { readonly node?: string } = ort.env.versions;
  return {
    engine: `onnxruntime-node ${versions.node ?? versions.common} (cpu, ${threadCount(threads)})`,
    isNative: true,
    ort,
    session: { ...QUIET, executionProviders: ['cpu'], intraOpNumThreads: threads, interOpNumThreads: 1 },
  };
}

/** The embedded engine is started once in a process, with the number of threads that its first model asked for. */
let embeddedThreads: number | undefined;

async function embedded(threads: number): Promise<OnnxRuntime> {
  const ort = await import('onnxruntime-web');
  if (embeddedThreads === undefined) {
    embeddedThreads = threads;
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.wasmPaths = {
      mjs: engineFile('ort-wasm-simd-threaded.mjs', 'onnxruntime-web/ort-wasm-simd-threaded.mjs'),
      wasm: engineFile('ort-wasm-simd-threaded.wasm', 'onnxruntime-web/ort-wasm-simd-threaded.wasm'),
    };
  }
  return {
    engine: `onnxruntime-web ${ort.env.versions.web ?? ort.env.versions.common} (wasm, ${threadCount(embeddedThreads)})`,
    isNative: false,
    ort,
    session: { ...QUIET, executionProviders: ['wasm'] },
  };
}

function threadCount(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`;
}
