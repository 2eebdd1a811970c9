import type { EvaluatedRows } from '../evaluation-set/evaluated-rows.ts';
import type { Truth } from '../diagnostic/examples.ts';
import { type EvaluationSet, rowWidth } from '../evaluation-set/evaluation-set.ts';
import { holdsLabelSets, readLabelSets } from '../evaluation-set/label-sets.ts';
import { readLabels } from '../evaluation-set/labels.ts';
import { readTrueValues } from '../evaluation-set/true-values.ts';
import type { LoadedModel, TensorInfo } from '../model/loaded-model.ts';
import { ancestorsOf, type Anatomy } from './anatomy.ts';
import type { Candidate } from './candidates.ts';
import type { Measured } from './describe-candidate.ts';
import type { FoundExpert } from './experts.ts';
import { askForLabel, evaluatedRows, type KnownColumns, knownColumns, spaced } from './known-columns.ts';
import type { FoundModality } from './modalities.ts';
import {
  madeUpSample,
  runSample,
  type Sample,
  sampledInputs,
  type Sampled,
  sampleOfData,
  widthOf,
} from './sample.ts';
import type { Probe } from './score-region.ts';

/** So many tensors are looked at, those nearest to the fused output first. */
const MOST_TENSORS = 400;
/** Enough rows to see a shape. */
const PROBE_ROWS = 13;
/** Enough rows to see a spread. */
const MEASURED_ROWS = 2000;

/** The evaluation set, and which of its rows are evaluated. */
export interface Data {
  readonly set: EvaluationSet;
  readonly columns: KnownColumns;
  readonly rows: Uint32Array;
  readonly total: number;
}

/** Finds the columns of an evaluation set that a model takes, and the rows where they are present. */
export async function openData(
  set: EvaluationSet,
  label: string | undefined,
  inputs: readonly TensorInfo[],
  modalities: readonly FoundModality[],
): Promise<Data> {
  const names = inputs.map(({ name }) => name);
  const known = set.columns.map(({ name }) => name).filter((name) => names.includes(name));
  const columns = await knownColumns(set, label, new Set(names), modalities);
  const first = columns.label ?? known.at(0);
  if (first === undefined) throw askForLabel(set, new Set(names));
  return { set, columns, ...(await evaluatedRows(set, { ...columns, label: first }, known)) };
}

/** The shapes that tensors have on a few rows. */
export async function probeModel(
  model: string,
  loaded: LoadedModel,
  anatomy: Anatomy,
  modalities: readonly FoundModality[],
  data: Data | undefined,
): Promise<Probe> {
  const rows = data && spaced(data.set, data.rows, PROBE_ROWS);
  const sample = await sampleOf(model, loaded, rows);
  const near = [...ancestorsOf(anatomy, [anatomy.output])].filter((name) => anatomy.cuttable.has(name));
  const outputs = loaded.outputs.map(({ name }) => name);
  const values = await runTraced(model, loaded, sample, [...outputs, ...near.slice(0, MOST_TENSORS)]);
  return {
    anatomy,
    sampled: new Map([...sampledInputs(sample), ...values]),
    evidence: new Set(modalities.flatMap(({ inputs }) => inputs)),
    widths: [1, Math.max(1, modalities.length)],
  };
}

function sampleOf(model: string, { inputs }: LoadedModel, data?: EvaluatedRows): Promise<Sample> {
  return data === undefined
    ? Promise.resolve(madeUpSample(inputs, model))
    : sampleOfData(inputs, data, model);
}

/** Runs the model for tensors that are outputs or lie inside; what is text or no tensor is left out. */
async function runTraced(
  model: string,
  loaded: LoadedModel,
  sample: Sample,
  tensors: readonly string[],
): Promise<ReadonlyMap<string, Sampled>> {
  const traced = (await loaded.trace?.(tensors)) ?? loaded;
  const able = traced.outputs.filter(({ dtype }) => !/string|no tensor/.test(dtype)).map(({ name }) => name);
  return runSample(
    traced,
    sample,
    able.filter((name) => tensors.includes(name)),
    model,
  );
}

interface Found {
  readonly candidates: readonly Candidate[];
  readonly experts: ReadonlyMap<FoundModality, FoundExpert>;
  readonly output: string;
}

/** The candidates and experts on the evaluation set; undefined without one. */
export async function measure(
  model: string,
  loaded: LoadedModel,
  { candidates, experts, output }: Found,
  data: Data | undefined,
): Promise<Measured | undefined> {
  if (data === undefined) return undefined;
  const rows = spaced(data.set, data.rows, MEASURED_ROWS);
  const sample = await sampleOf(model, loaded, rows);
  const inputs = sampledInputs(sample);
  const scores = candidates.flatMap((candidate) => candidate.scores.map(({ tensor }) => tensor));
  const wanted = new Set([output, ...scores, ...[...experts.values()].map(({ tensor }) => tensor)]);
  const inside = [...wanted].filter((name) => !inputs.has(name));
  const values = new Map([...inputs, ...(await runTraced(model, loaded, sample, inside))]);
  const fused = values.get(output);
  const { label } = data.columns;
  const truth =
    label === undefined || fused === undefined ? undefined : await truthOf(rows, label, widthOf(fused));
  return { rows: sample.rows, values, truth };
}

/** Text has no order of classes yet: what is right is not known. Fractions are no classes, but the values of a single output. */
async function truthOf(rows: EvaluatedRows, label: string, width: number): Promise<Truth | undefined> {
  const column = await rows.read(label);
  if (column.kind === 'text') return undefined;
  if (holdsLabelSets(column) && rowWidth(column) === width)
    return readLabelSets([column], width, rows.nameRow);
  const isValue = width === 1 && column.values.some((value) => !Number.isInteger(value));
  return isValue
    ? { values: readTrueValues(column, rows.nameRow) }
    : { labels: readLabels(column, Math.max(2, width), undefined, rows.nameRow) };
}
