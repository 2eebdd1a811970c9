import type { DiagnosisPlan } from '../../src/diagnostic/take-measurements.ts';
import type { FrozenFusion, Reliability } from '../../src/model/frozen-fusion.ts';

/** What each expert predicts: per modality the classes [N]. */
export type Predictions = readonly (readonly number[])[];

/** Class of row i for these scores, the first component of each modality's. */
export type StubRule = (scores: readonly number[], predicted: readonly number[]) => number;

/** The expert with the largest score, the first one on ties. */
export const pickLarger: StubRule = (scores, predicted) => predicted[scores.indexOf(Math.max(...scores))];

export const ignoreScores: StubRule = (_, predicted) => predicted[0];

export interface Stub {
  readonly rule: StubRule;
  readonly predicted: Predictions;
  /** Per modality [N * width]. */
  readonly scores: readonly (readonly number[])[];
  readonly width?: number;
  readonly classes?: number;
  readonly modalities?: readonly string[];
  /** The rule still sees what experts predict, the diagnosis does not. */
  readonly hideExperts?: boolean;
  /** No modality has evidence of its own. */
  readonly sharedEvidence?: boolean;
}

/** A frozen fusion small enough that its diagnosis is known in closed form. */
export function stubFusion(stub: Stub): FrozenFusion {
  const { rule, predicted, scores, width = 1, classes = 2 } = stub;
  const modalities = stub.modalities ?? scores.map((_, m) => `modality${m}`);
  const rows = scores[0].length / width;
  const reliability: Reliability = scores.map((values) => ({ width, values: Float64Array.from(values) }));
  const classesFor = (given: Reliability): Int32Array =>
    Int32Array.from({ length: rows }, (_, i) =>
      rule(
        given.map(({ values }) => values[i * width]),
        predicted.map((values) => values[i]),
      ),
    );
  const outputsFor = (given: Reliability): Float64Array =>
    Float64Array.from([...classesFor(given)].flatMap((value) => oneHot(value, classes)));
  return {
    rows,
    classes,
    modalities,
    decision: { kind: 'probabilities', classes },
    reliability,
    experts: stub.hideExperts
      ? undefined
      : predicted.map((values) => ({
          classes: Int32Array.from(values),
          posteriors: Float64Array.from(values.flatMap((value) => oneHot(value, classes))),
        })),
    engine: 'stub',
    original: outputsFor(reliability),
    tolerance: 0,
    replay: (given) => Promise.resolve(outputsFor(given)),
    predict: (given) => Promise.resolve(classesFor(given)),
    withEvidence: (modality, source) => {
      if (stub.sharedEvidence) return Promise.resolve(undefined);
      const exchanged = predicted.map((values, m) =>
        m === modality ? Array.from(source, (row) => values[row]) : values,
      );
      return Promise.resolve(stubFusion({ ...stub, predicted: exchanged }));
    },
    close: () => Promise.resolve(),
  };
}

/** A plan with the defaults of the config file, but few shuffles. */
export function stubPlan(modalities: number, changes: Partial<DiagnosisPlan> = {}): DiagnosisPlan {
  return {
    metric: 'accuracy',
    metrics: [],
    threshold: 0.01,
    alpha: 0.05,
    permutations: { count: 199, secondaryCount: 99, scheme: 'independent', seed: 7 },
    uniformScore: 'mean',
    interval: { method: 'bca', confidence: 0.95, resamples: 200 },
    control: { threshold: 0.05, quantiles: [0.05, 0.95] },
    reliableWhen: Array.from({ length: modalities }, () => 'high' as const),
    ...changes,
  };
}

function oneHot(value: number, classes: number): number[] {
  return Array.from({ length: classes }, (_, c) => (c === value ? 1 : 0));
}
