import type { EvaluatedRows } from '../../../src/evaluation-set/evaluated-rows.ts';
import type { GateConfig } from '../../../src/config/gate-config.ts';
import type { Column } from '../../../src/evaluation-set/evaluation-set.ts';
import { binding, gateOf, modality, numbers, rowsOf } from '../fusion-fixture.ts';
import type { Formula, TensorMetadata } from './stand-in.ts';

export const N = 12;

const float = (name: string, ...shape: number[]): TensorMetadata => ({ name, datatype: 'FP32', shape });

/** Probabilities of two classes from any two positive numbers. */
export function normalised(values: readonly number[]): number[] {
  return values.map((value, i) => value / (values[i - (i % 2)] + values[i - (i % 2) + 1]));
}

/** sum Q_m p_m / sum Q_m for two modalities and two classes. */
export function weightedMean(
  [a, v]: readonly [readonly number[], readonly number[]],
  [Qa, Qv]: readonly [readonly number[], readonly number[]],
): number[] {
  return a.map((p, i) => {
    const row = Math.floor(i / 2);
    return (Qa[row] * p + Qv[row] * v[i]) / (Qa[row] + Qv[row]);
  });
}

/** A model that is given its scores. */
const late: Formula = {
  inputs: [float('E_a', -1, 2), float('E_v', -1, 2), float('Q_a', -1), float('Q_v', -1)],
  outputs: [float('fused', -1, 2), float('p_a', -1, 2), float('p_v', -1, 2)],
  compute: ({ E_a, E_v, Q_a, Q_v }) => {
    const [p_a, p_v] = [normalised(E_a), normalised(E_v)];
    return { p_a, p_v, fused: weightedMean([p_a, p_v], [Q_a, Q_v]) };
  },
};

/** What depends on no score: experts, and the scores that the model makes itself. */
const experts: Formula = {
  inputs: [float('E_a', -1, 2), float('E_v', -1, 2)],
  outputs: [float('p_a', -1, 2), float('p_v', -1, 2), float('q_a', -1), float('q_v', -1)],
  compute: ({ E_a, E_v }) => {
    const [p_a, p_v] = [normalised(E_a), normalised(E_v)];
    return { p_a, p_v, q_a: sums(E_a), q_v: sums(E_v) };
  },
};

/** The whole of it, which also gives its fused output. */
const both: Formula = {
  ...experts,
  outputs: [...experts.outputs, float('fused', -1, 2)],
  compute: (inputs) => {
    const found = experts.compute(inputs);
    return { ...found, fused: weightedMean([found.p_a, found.p_v], [found.q_a, found.q_v]) };
  },
};

const fusion = (a: string, v: string): Formula => ({
  inputs: [float('p_a', -1, 2), float('p_v', -1, 2), float(a, -1), float(v, -1)],
  outputs: [float('fused', -1, 2)],
  compute: (inputs) => ({ fused: weightedMean([inputs.p_a, inputs.p_v], [inputs[a], inputs[v]]) }),
});

export const MODELS = { late, experts, both, given: fusion('Q_a', 'Q_v'), made: fusion('q_a', 'q_v') };

function sums(values: readonly number[]): number[] {
  return Array.from({ length: values.length / 2 }, (_, i) => values[2 * i] + values[2 * i + 1]);
}

/** Multiples of 1/64, so that nothing is rounded on its way to the server, and of which no two make a tie. */
const of = (length: number, at: (i: number) => number) => Array.from({ length }, (_, i) => at(i));
export const DATA = {
  E_a: of(2 * N, (i) => 1 + ((i * 5) % 7) + i / 64),
  E_v: of(2 * N, (i) => 1 + ((i * 3) % 11) + (i * i) / 64),
  Q_a: of(N, (i) => 1 + ((i * 7) % 5)),
  Q_v: of(N, (i) => 1 + ((i * 2) % 9)),
};

export function evaluationSet(...more: readonly Column[]): EvaluatedRows {
  const own = [
    numbers('E_a', [N, 2], DATA.E_a),
    numbers('E_v', [N, 2], DATA.E_v),
    numbers('Q_a', [N], DATA.Q_a),
    numbers('Q_v', [N], DATA.Q_v),
  ];
  return rowsOf([...own, ...more], N);
}

export interface Asked {
  readonly head?: string;
  readonly batchSize?: number;
  /** Scores that the model makes. */
  readonly inside?: boolean;
  readonly concurrency?: number;
  readonly requestTimeout?: number;
  readonly readyTimeout?: number;
  readonly isTrusted?: boolean;
}

export function servedGate(path: string, asked: Asked = {}): GateConfig {
  const { head, batchSize, inside = false, ...server } = asked;
  const score = (name: string) => binding(inside ? name.toLowerCase() : name);
  const candidate = {
    kind: 'model',
    path,
    engine: 'auto',
    batchSize,
    ...(head !== undefined && { head }),
    server: { requestTimeout: 5, readyTimeout: 5, concurrency: 4, ...server },
  } as const;
  return gateOf(path, {
    candidate,
    output: { tensor: 'fused', kind: 'probabilities' },
    modalities: [
      modality('audio', { reliability: score('Q_a') }),
      modality('video', { reliability: score('Q_v') }),
    ],
  });
}
