import type { Truth } from '../diagnostic/examples.ts';
import type { EvaluationSet } from '../evaluation-set/evaluation-set.ts';
import { openEvaluationSet } from '../evaluation-set/open-evaluation-set.ts';
import { ConfigurationError, didYouMean, enumerate } from '../foundation/errors.ts';
import type { Workspace } from '../foundation/workspace.ts';
import { loadModel, type LoadOptions, type ModelFile } from '../model/load-model.ts';
import type { LoadedModel, TensorInfo } from '../model/loaded-model.ts';
import type { OperatorGraph } from '../model/operator-graph.ts';
import { anatomyOf, likelyOutput } from './anatomy.ts';
import { rankCandidates } from './candidates.ts';
import { describeCandidate } from './describe-candidate.ts';
import { findExperts, type FoundExpert } from './experts.ts';
import type { Inspection } from './inspection-schema.ts';
import { kindOf, labelKindOf } from './measure.ts';
import type { KnownColumns } from './known-columns.ts';
import { findModalities, type FoundModality } from './modalities.ts';
import { type Data, measure, openData, probeModel } from './probe-model.ts';
import { type Sampled, widthOf } from './sample.ts';
import { findGates, findScoreTensors, inputScores } from './score-region.ts';

export interface InspectWishes {
  readonly model: string;
  readonly evaluationSet?: string;
  /** The column with the true classes, or values. */
  readonly label?: string;
  /** The fused output. Default: the one that most inputs reach. */
  readonly output?: string;
}

export interface InspectOptions extends LoadOptions {
  readonly workspace: Workspace;
}

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
  const graph = (await loaded.show?.()) ?? CLOSED;
  const output = chooseOutput(wishes, loaded, graph);
  const anatomy = anatomyOf(graph, loaded.inputs, output);
  const modalities = findModalities(anatomy, loaded.inputs);
  const data = set && (await openData(set, wishes.label, loaded.inputs, modalities));
  const probe = await probeModel(wishes.model, loaded, anatomy, modalities, data);
  const gates = findGates(probe);
  const tensors = loaded.show ? findScoreTensors(probe, gates) : inputScores(probe, loaded.inputs);
  const candidates = rankCandidates(probe, tensors, modalities).slice(0, MOST_CANDIDATES);
  const fused = probe.sampled.get(output);
  const experts = findExperts(probe, gates, modalities, loaded.outputs, fused ? widthOf(fused) : 0);
  const measured = await measure(wishes.model, loaded, { candidates, experts, output }, data);
  const kinds = kindsFor(measured?.truth);
  const shape = fused && {
    tensor: output,
    width: widthOf(fused),
    kind: kinds(measured?.values.get(output) ?? fused) ?? ('logits' as const),
    ...(measured?.truth && 'sets' in measured.truth && { multiLabel: true as const }),
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
        expert: describeExpert(experts.get(modality), measured?.values ?? probe.sampled, kinds),
      })),
      candidates: candidates.map((candidate) => describeCandidate(probe, candidate, experts, measured)),
      notes: notesOf(wishes, loaded, modalities),
      written: null,
    },
  };
}

/** Of a model whose inside the engine does not show. */
const CLOSED: OperatorGraph = { operators: [], cuttable: () => new Set(), canCut: () => true };

function chooseOutput(
  { output, model }: InspectWishes,
  { inputs, outputs }: LoadedModel,
  graph: OperatorGraph,
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
  return likelyOutput(graph, inputs, outputs);
}

/** How it is told what numbers are: what is true says whether they are of classes, of labels or values. */
function kindsFor(truth: Truth | undefined): (sampled: Sampled) => ReturnType<typeof kindOf> | 'value' {
  if (truth === undefined || 'labels' in truth) return kindOf;
  return 'values' in truth ? () => 'value' : labelKindOf;
}

function describeExpert(
  expert: FoundExpert | undefined,
  values: ReadonlyMap<string, Sampled>,
  kinds: ReturnType<typeof kindsFor>,
) {
  if (expert === undefined) return null;
  return { ...expert, kind: kinds(values.get(expert.tensor)!) };
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
