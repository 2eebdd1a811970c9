import type {
  FusionRule,
  GateConfig,
  ModalityConfig,
  OutputConfig,
} from '../../../src/config/gate-config.ts';
import { evaluateRows, type EvaluatedRows } from '../../../src/evaluation-set/evaluated-rows.ts';
import type { Column, EvaluationSet } from '../../../src/evaluation-set/evaluation-set.ts';

type Values = readonly number[] | readonly string[];

/** An evaluation set of the given columns, each with its width (default 1), in the rows given (default: all). */
export function inMemory(
  columns: Readonly<Record<string, Values | { readonly width: number; readonly values: readonly number[] }>>,
  rows?: readonly number[],
): EvaluatedRows {
  const made = new Map(Object.entries(columns).map(([name, column]) => [name, columnOf(name, column)]));
  const [first] = made.values();
  const set: EvaluationSet = {
    path: 'eval.npz',
    sha256: '',
    columns: [...made.values()],
    read: (name) => Promise.resolve(made.get(name)!),
  };
  return evaluateRows(set, Uint32Array.from(rows ?? Array.from({ length: first.shape[0] }, (_, i) => i)));
}

function columnOf(
  name: string,
  column: Values | { readonly width: number; readonly values: readonly number[] },
): Column {
  if ('width' in column) {
    const shape = [column.width === 0 ? 1 : column.values.length / column.width, column.width];
    return { name, dtype: 'float64', shape, kind: 'numbers', values: Float64Array.from(column.values) };
  }
  const shape = [column.length];
  return typeof column[0] === 'string'
    ? { name, dtype: '<U9', shape, kind: 'text', values: column as readonly string[] }
    : {
        name,
        dtype: 'float64',
        shape,
        kind: 'numbers',
        values: Float64Array.from(column as readonly number[]),
      };
}

/** A gate over cached experts: modality `a` has the score column `Q_a` and the expert column `p_a`. */
export function fusionGate(
  names: readonly string[],
  rule: Partial<FusionRule> = {},
  changes: { readonly modality?: Partial<ModalityConfig>; readonly output?: Partial<OutputConfig> } & Partial<
    Pick<GateConfig, 'uniformScore' | 'reliability'>
  > = {},
): GateConfig {
  const { modality, output, ...rest } = changes;
  return {
    name: 'test',
    candidate: { kind: 'fusion', rule: { rule: 'weighted-mean', temperature: 1, epsilon: 1e-6, ...rule } },
    evaluationSet: 'eval.npz',
    columns: { label: 'y' },
    modalities: names.map((name) => ({
      name,
      inputs: [],
      reliability: { tensor: `Q_${name}`, column: `Q_${name}` },
      expert: `p_${name}`,
      expertKind: 'probabilities',
      reliableWhen: 'high',
      ...modality,
    })),
    inputs: [],
    output: { kind: 'probabilities', ...output },
    metric: 'accuracy',
    metrics: [],
    threshold: 0.01,
    alpha: 0.05,
    permutations: { count: 19, most: 19, secondaryCount: 19, scheme: 'independent', seed: 0 },
    uniformScore: 'mean',
    interval: { method: 'bca', confidence: 0.95, resamples: 100 },
    control: { threshold: 0.05, quantiles: [0.05, 0.95] },
    failOnInconclusive: true,
    ...rest,
  };
}
