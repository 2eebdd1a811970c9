import type { GateConfig, ModalityConfig, OutputKind } from '../../config/gate-config.ts';
import type { EvaluatedRows } from '../../evaluation-set/evaluated-rows.ts';
import { rowWidth } from '../../evaluation-set/evaluation-set.ts';
import { readNumbers } from '../../evaluation-set/numbers.ts';
import { ConfigurationError, enumerate } from '../../foundation/errors.ts';
import { decide, posteriors, type Decision } from '../decision.ts';
import type { ExpertOutput } from '../frozen-fusion.ts';
import type { LoadedModel } from '../loaded-model.ts';
import { labelsSaid, numbersOf, refuseMistakenLabels } from '../label-sets.ts';
import { refuseMistakenKind } from '../output-kind.ts';
import { describeTensors } from './describe.ts';
import { refuseOutput } from './refuse-output.ts';
import type { ModelOutput } from './run-passes.ts';

/** Where the expert of one modality is found. */
export interface ExpertSource {
  readonly name: string;
  readonly from: 'model' | 'column';
  readonly kind: OutputKind;
  /** The user named the kind, rather than leaving it to be that of the fused output. */
  readonly stated: boolean;
}

/**
 * The experts of all modalities, in their order: outputs of the model first, else columns. Undefined where there are none.
 *
 * @throws ConfigurationError when only some modalities have one, or one is neither output nor column
 */
export function expertSources(
  gate: GateConfig,
  data: EvaluatedRows,
  model: string,
  loaded: LoadedModel,
): ExpertSource[] | undefined {
  const without = gate.modalities.filter(({ expert }) => expert === undefined);
  if (without.length === gate.modalities.length) return undefined;
  if (without.length > 0) {
    const names = enumerate(without.map(({ name }) => name));
    throw new ConfigurationError(
      `Some modalities have an expert, but not ${names}; name one for every modality, or for none.`,
    );
  }
  return gate.modalities.map((modality) => expertSource(gate, modality, data, model, loaded));
}

function expertSource(
  { output }: GateConfig,
  { name: modality, expert, expertKind }: ModalityConfig,
  { set }: EvaluatedRows,
  model: string,
  { outputs }: LoadedModel,
): ExpertSource {
  const name = expert!;
  const kind = expertKind ?? output.kind;
  if (kind === 'evidence') {
    throw new ConfigurationError(
      `modalities.${modality}.expert-kind: evidence is for cached experts (fusion:); for a model say logits or probabilities.`,
    );
  }
  const source = { name, kind, stated: expertKind !== undefined };
  const found = outputs.find((it) => it.name === name);
  if (found !== undefined) {
    refuseOutput(found, kind, model);
    return { ...source, from: 'model' };
  }
  if (set.columns.some((it) => it.name === name)) return { ...source, from: 'column' };
  throw new ConfigurationError(
    `The expert "${name}" of ${modality} is neither an output of the model "${model}" nor a column of "${set.path}". The model's outputs: ${describeTensors(outputs)}. The columns: ${enumerate(set.columns.map((it) => it.name))}.`,
  );
}

/** The numbers of an expert that stands in the evaluation set. */
export async function readExpertColumn(data: EvaluatedRows, { name }: ExpertSource): Promise<ModelOutput> {
  const column = await readNumbers(data, name, 'expert');
  return { values: Float64Array.from(column.values), width: rowWidth(column) };
}

/**
 * What an expert predicts. It decides as the fused output does: by the same probability of class 1, or the same score.
 *
 * @throws ConfigurationError when its width or its numbers do not go with the classes of the fused output
 */
export function expertOutput(
  { name, from, kind, stated }: ExpertSource,
  { values, width }: ModelOutput,
  { output, decision }: { readonly output: GateConfig['output']; readonly decision: Decision },
): ExpertOutput {
  const source = `expert ${from === 'model' ? 'output' : 'column'} "${name}"`;
  if (decision.kind === 'labels') {
    return labelsOf(source, { values, width }, decision.thresholds, { kind: numbersOf(kind), stated });
  }
  if (kind === 'value') return valueOf(source, values, width);
  const { classes } = decision;
  if (width !== classes && !(width === 1 && classes === 2)) {
    throw new ConfigurationError(
      `The ${source} has ${width} ${width === 1 ? 'column' : 'columns'}, but the fused output has ${classes} classes; it needs ${classes}${classes === 2 ? ' or 1' : ''}.`,
    );
  }
  refuseMistakenKind(values, width, kind, source, stated, 'expert-kind');
  const isAlike = (kind === 'score') === (output.kind === 'score');
  const threshold = isAlike ? output.decisionThreshold : undefined;
  if (kind === 'score' && threshold === undefined) {
    throw new ConfigurationError(
      `The ${source} is a bare score, which only a fused output that is one too can decide; say its expert-kind: logits or probabilities.`,
    );
  }
  return {
    classes: decide(values, width, { kind, classes, threshold }),
    posteriors: posteriors(values, width, kind),
  };
}

function valueOf(source: string, values: ModelOutput['values'], width: number): ExpertOutput {
  if (width === 1) return { classes: new Int32Array(values.length), values: Float64Array.from(values) };
  throw new ConfigurationError(
    `The ${source} has ${width} columns, but the fused output is one number per row (kind: value); it needs 1.`,
  );
}

function labelsOf(
  source: string,
  { values, width }: ModelOutput,
  thresholds: readonly number[],
  { kind, stated }: { readonly kind: 'logits' | 'probabilities'; readonly stated: boolean },
): ExpertOutput {
  if (width !== thresholds.length) {
    throw new ConfigurationError(
      `The ${source} has ${width} ${width === 1 ? 'column' : 'columns'}, but the fused output has ${thresholds.length} labels; it needs one for each.`,
    );
  }
  refuseMistakenLabels(values, width, kind, { what: source, stated, key: 'expert-kind' });
  return labelsSaid(values, { numbers: kind, classes: 1, thresholds });
}
