import type { EvaluatedRows } from '../evaluation-set/evaluated-rows.ts';
import type { EvaluationSet } from '../evaluation-set/evaluation-set.ts';
import { readLabels } from '../evaluation-set/labels.ts';
import { openEvaluationSet } from '../evaluation-set/open-evaluation-set.ts';
import { ConfigurationError, didYouMean, enumerate } from '../foundation/errors.ts';
import type { Workspace } from '../foundation/workspace.ts';
import { loadModel, type LoadOptions, type ModelFile } from '../model/load-model.ts';
import type { LoadedModel, TensorInfo } from '../model/loaded-model.ts';
import type { OperatorGraph } from '../model/operator-graph.ts';
import { ancestorsOf, type Anatomy, anatomyOf, likelyOutput } from './anatomy.ts';
import { type Candidate, rankCandidates } from './candidates.ts';
import { describeCandidate, type Measured } from './describe-candidate.ts';
import { findExperts, type FoundExpert } from './experts.ts';
import type { Inspection } from './inspection-schema.ts';
import { kindOf } from './measure.ts';
import { askForLabel, evaluatedRows, type KnownColumns, knownColumns, spaced } from './known-columns.ts';
import { findModalities, type FoundModality } from './modalities.ts';
import {
  madeUpSample,
  runSample,
  type Sample,
  sampledInputs,
  type Sampled,
  sampleOfData,
  widthOf,
} from './sample.ts';
import { findGates, findScoreTensors, inputScores, type Probe } from './score-region.ts';

export interface InspectWishes {
  readonly model: string;
  readonly evaluationSet?: string;
  /** The column with the true classes. */
  readonly label?: string;
  /** The fused output. Default: the one that most inputs reach. */
  readonly output?: string;
}

export interface InspectOptions extends LoadOptions {
  readonly workspace: Workspace;
}

/** So many tensors are looked at, those nearest to the fused output first. */
const MOST_TENSORS = 400;
/** Enough rows to see a shape. */
const PROBE_ROWS = 13;
/** Enough rows to see a spread. */
const MEASURED_ROWS = 2000;
const MOST_CANDIDATES = 12;

/** What was found, and what only `init` needs of it. */
export interface Finding {
  readonly inspection: Inspection;
  readonly columns?: KnownColumns;
  readonly set?: EvaluationSet;
  readonly modalities: readonly FoundModality[];
}

/**
 * Looks into a model for what a gate could judge: modalities, experts, and candidates for reliability.
 *
 * @throws ConfigurationError when model or evaluation set cannot be read, or do not go together
 */
export async function inspectModel(wishes: InspectWishes, options: InspectOptions): Promise<Finding> {
  const { workspace } = options;
  const set =
    wishes.evaluationSet === undefined ? undefined : await openEvaluationSet(wishes.evaluationSet, workspace);
  const file = await loadModel({ kind: 'model', path: wishes.model, engine: 'auto' }, workspace, options);
  try {
    return await inspectLoaded(wishes, file, set);
  } finally {
    await file.loaded.close();
  }
}

async function inspectLoaded(wishes: InspectWishes, file: ModelFile, set?: EvaluationSet): Promise<Finding> {
  const { loaded } = file;
  const output = chooseOutput(wishes, loaded, await loaded.show?.());
  const anatomy = anatomyOf((await loaded.show?.()) ?? CLOSED, loaded.inputs, output);
  const modalities = findModalities(anatomy, loaded.inputs);
  const data = set && (await openData(set, wishes.label, loaded.inputs, modalities));
  const probe = await probeModel(wishes.model, loaded, anatomy, modalities, data);
  const gates = findGates(probe);
  const tensors = loaded.show ? findScoreTensors(probe, gates) : inputScores(probe, loaded.inputs);
  const candidates = rankCandidates(probe, tensors, modalities).slice(0, MOST_CANDIDATES);
  const fused = probe.sampled.get(output);
  const experts = findExperts(probe, gates, modalities, loaded.outputs, fused ? widthOf(fused) : 0);
  const measured = await measure(wishes.model, loaded, { candidates, experts, output }, data);
  const shape = fused && {
    tensor: output,
    width: widthOf(fused),
    kind: kindOf(measured?.values.get(output) ?? fused) ?? ('logits' as const),
  };
  return {
    modalities,
    columns: data?.columns,
    set,
    inspection: {
      version: 1,
      model: { path: wishes.model, sha256: file.sha256, engine: loaded.engine },
      evaluationSet: set && data ? describeData(set, data, measured?.rows ?? 0) : null,
      inputs: loaded.inputs.map(describeInfo),
      outputs: loaded.outputs.map(describeInfo),
      output: shape ?? null,
      modalities: modalities.map((modality) => ({
        name: modality.name,
        inputs: [...modality.inputs],
        expert: describeExpert(experts.get(modality), measured?.values ?? probe.sampled),
      })),
      candidates: candidates.map((candidate) => describeCandidate(probe, candidate, experts, measured)),
      notes: notesOf(wishes, loaded, modalities),
      written: null,
    },
  };
}

/** Of a model whose inside the engine does not show. */
const CLOSED: OperatorGraph = { operators: [], cuttable: () => new Set(), canCut: () => true };

interface Data {
  readonly set: EvaluationSet;
  readonly columns: KnownColumns;
  readonly rows: Uint32Array;
  readonly total: number;
}

async function openData(
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
async function probeModel(
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
async function measure(
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
  const labels =
    label === undefined || fused === undefined ? undefined : await labelsOf(rows, label, widthOf(fused));
  return { rows: sample.rows, values, labels };
}

/** Text has no order of classes yet: what is right is not known. */
async function labelsOf(rows: EvaluatedRows, label: string, width: number): Promise<Int32Array | undefined> {
  const column = await rows.read(label);
  return column.kind === 'text' ? undefined : readLabels(column, Math.max(2, width), undefined, rows.nameRow);
}

function chooseOutput(
  { output, model }: InspectWishes,
  { inputs, outputs }: LoadedModel,
  graph: OperatorGraph | undefined,
): string {
  const names = outputs.map(({ name }) => name);
  if (output !== undefined && names.includes(output)) return output;
  if (output !== undefined) {
    throw new ConfigurationError(
      `The model "${model}" has no output "${output}", which --output names.${didYouMean(output, names)} Its outputs: ${enumerate(names)}.`,
    );
  }
  if (names.length === 0) {
    throw new ConfigurationError(
      `The model "${model}" has no outputs. Export it again with its fused prediction.`,
    );
  }
  return likelyOutput(graph ?? CLOSED, inputs, outputs);
}

function describeExpert(expert: FoundExpert | undefined, values: ReadonlyMap<string, Sampled>) {
  return expert === undefined ? null : { ...expert, kind: kindOf(values.get(expert.tensor)!) };
}

function describeData({ path }: EvaluationSet, { total, columns }: Data, used: number) {
  return { path, rows: total, used, label: columns.label ?? null };
}

function describeInfo({ name, dtype, shape }: TensorInfo) {
  return { name, dtype, shape: shape === undefined ? null : [...shape] };
}

function notesOf(
  { output }: InspectWishes,
  loaded: LoadedModel,
  modalities: readonly FoundModality[],
): string[] {
  const notes: string[] = [];
  if (loaded.show === undefined) {
    notes.push(
      'What lies inside this model is not shown here: candidates are inputs with one number per example.',
    );
    if (loaded.outputs.length > 1 && output === undefined) {
      notes.push('The fused output was not told: the first one is taken. Name another with --output.');
    }
  }
  if (modalities.length < 2) {
    notes.push(
      `The inputs seem to hold ${modalities.length === 0 ? 'no evidence' : 'one modality alone'}; a score for each of several modalities could not be told.`,
    );
  }
  return notes;
}
