import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { GateConfig, ModalityConfig, OutputConfig } from '../../src/config/gate-config.ts';
import type { EngineName } from '../../src/model/load-request.ts';
import { evaluateRows, type EvaluatedRows } from '../../src/evaluation-set/evaluated-rows.ts';
import type { Column, NumericArray } from '../../src/evaluation-set/evaluation-set.ts';
import { type Logger, silentLogger } from '../../src/foundation/logger.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { freezeModel } from '../../src/model/freeze-model.ts';
import type { FrozenFusion, Reliability } from '../../src/model/frozen-fusion.ts';
import { loadModel } from '../../src/model/load-model.ts';
import type { LoadedModel } from '../../src/model/loaded-model.ts';

export const folder = fileURLToPath(new URL('../fixtures/model/', import.meta.url));
export const workspace = openWorkspace(folder);

interface Expected {
  /** Numbers and the bits of the float16 that NumPy rounds them to. */
  readonly half: { readonly values: number[]; readonly bits: number[] };
  readonly columns: Readonly<Record<string, { readonly shape: number[]; readonly values: number[] }>>;
  readonly shuffleA: number[];
  readonly shuffleV: number[];
  readonly source: number[];
  /** Row-major, by NumPy in float64. */
  readonly fused: number[];
  readonly logits_a: number[];
  readonly logits_v: number[];
  readonly shuffled: number[];
  readonly moved: number[];
  readonly moved_logits_a: number[];
  readonly deep: number[];
  readonly margin: number[];
  readonly probability: number[];
}

/** Made by fixtures/model/make.py. */
export const expected = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as Expected;
export const ROWS = 7;

export function numbers(
  name: string,
  shape: readonly number[],
  values: ArrayLike<number>,
  dtype = 'float32',
): Column {
  return { kind: 'numbers', name, dtype, shape, values: Float64Array.from(values) as NumericArray };
}

/** The columns of the fixture as an evaluation set, with more of them or others in their place. */
export function dataWith(...more: readonly Column[]): EvaluatedRows {
  const own = Object.entries(expected.columns).map(([name, { shape, values }]) =>
    numbers(name, shape, values),
  );
  const columns = [...new Map([...own, ...more].map((column) => [column.name, column])).values()];
  return rowsOf(columns, ROWS);
}

/** Columns as an evaluation set of which every row is evaluated. */
export function rowsOf(columns: readonly Column[], rows: number): EvaluatedRows {
  const set = {
    path: 'eval.npz',
    sha256: '',
    columns,
    read: (name: string) => Promise.resolve(columns.find((column) => column.name === name)!),
  };
  return evaluateRows(
    set,
    Uint32Array.from({ length: rows }, (_, i) => i),
  );
}

export function modality(name: string, more: Partial<ModalityConfig> = {}): ModalityConfig {
  const short = name[0];
  return {
    name,
    inputs: [binding(`E_${short}`)],
    reliability: binding(`Q_${short}`),
    reliableWhen: 'high',
    ...more,
  };
}

export function binding(tensor: string, column = tensor) {
  return { tensor, column };
}

export interface Wishes extends Partial<Omit<GateConfig, 'output'>> {
  readonly output?: Partial<OutputConfig>;
  readonly batchSize?: number;
}

export function gateOf(path: string, { output, batchSize, ...wishes }: Wishes = {}): GateConfig {
  return {
    name: 'test',
    candidate: { kind: 'model', path, engine: 'auto', batchSize },
    evaluationSet: 'eval.npz',
    columns: { label: 'y' },
    modalities: [modality('audio'), modality('video')],
    inputs: [],
    output: { kind: 'logits', ...output },
    metric: 'accuracy',
    metrics: [],
    threshold: 0.01,
    alpha: 0.05,
    permutations: { count: 10, most: 10, secondaryCount: 10, scheme: 'independent', seed: 0 },
    uniformScore: 'mean',
    interval: { method: 'bca', confidence: 0.95, resamples: 100 },
    control: { threshold: 0.05, quantiles: [0.05, 0.95] },
    failOnInconclusive: true,
    ...wishes,
  };
}

export async function load(
  path: string,
  engine: EngineName = 'onnxruntime-web',
  logger: Logger = silentLogger,
): Promise<LoadedModel> {
  return (await loadModel({ kind: 'model', path, engine }, workspace, { logger, threads: 1 })).loaded;
}

/** Loads, freezes, and closes again if that fails. */
export async function freezeFile(
  path: string,
  wishes: Wishes = {},
  data: EvaluatedRows = dataWith(),
  engine?: EngineName,
): Promise<FrozenFusion> {
  const loaded = await load(path, engine ?? (path.endsWith('.onnx') ? 'onnxruntime-web' : 'tfjs'));
  try {
    return await freezeModel(gateOf(path, wishes), data, loaded, silentLogger);
  } catch (error) {
    await loaded.close();
    throw error;
  }
}

/** The scores of audio and video, each by its own shuffle. */
export function shuffled(scores: Reliability): Reliability {
  return [expected.shuffleA, expected.shuffleV].map((order, m) => ({
    width: 1,
    values: Float64Array.from(order, (row) => scores[m].values[row]),
  }));
}

/** The largest |difference| of two lists of one length; NaN never passes for small. */
export function distance(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Infinity;
  return Array.from(found, (value, i) => Math.abs(value - wanted[i])).reduce((a, b) => (b <= a ? a : b));
}
