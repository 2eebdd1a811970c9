/** What is true of N examples, by task. */
export interface Targets {
  /** True classes [N], each in 0..classes-1. */
  readonly classification: { readonly labels: Int32Array; readonly classes: number };
  /** True values [N]. */
  readonly regression: { readonly values: Float64Array };
  /** True labels [N * width], row-major: 1 where the example has the label. */
  readonly 'multi-label': { readonly sets: Uint8Array; readonly width: number };
}

/** What a model says of N examples, by the kind of prediction that a metric needs. */
export interface Predictions {
  /** Predicted classes [N]. */
  readonly classes: { readonly classes: Int32Array };
  /** Posteriors [N * classes], row-major. A binary task has two columns; class 1 is the positive one. */
  readonly posteriors: { readonly posteriors: Float64Array };
  /** Predicted values [N]. */
  readonly values: { readonly values: Float64Array };
  /** Predicted labels [N * width], row-major, 0 or 1. */
  readonly sets: { readonly sets: Uint8Array };
  /** Probability of each label [N * width], row-major. */
  readonly 'label-posteriors': { readonly posteriors: Float64Array };
}

export type Need = keyof Predictions;

/** The task follows from the kind of prediction, so that a regression metric cannot be given classes. */
export const TASK_OF = {
  classes: 'classification',
  posteriors: 'classification',
  values: 'regression',
  sets: 'multi-label',
  'label-posteriors': 'multi-label',
} as const satisfies Record<Need, keyof Targets>;

/** Number of examples N. */
export function exampleCount(targets: Targets[keyof Targets]): number {
  if ('labels' in targets) return targets.labels.length;
  return 'values' in targets ? targets.values.length : targets.sets.length / targets.width;
}

export type TargetsFor<N extends Need> = Targets[(typeof TASK_OF)[N]];

/**
 * Measures predictions against the targets it was made for. It keeps its scratch space between calls, so that a thousand
 * shuffles allocate once.
 *
 * @param weights [N], finite and not negative; an example of weight 0 is as if it were not there, one of weight 2 as if it
 *   were there twice. Default: all 1.
 * @returns null where the metric is not defined
 */
export interface Measure<N extends Need> {
  (predictions: Predictions[N], weights?: Float64Array): number | null;
  /** The same of the last call's predictions with other weights. Absent where it would not be faster. */
  again?: (weights: Float64Array) => number | null;
}

/** A metric that is a mean: what a sum over shuffles and a bootstrap need, with no further inference. */
export interface PerExample<N extends Need> {
  /** The mean is over examples, or over the classes that occur of the mean within each. */
  readonly meanOver: 'examples' | 'classes';
  /**
   * Writes what each example adds to `into` [N], and returns it. Metrics that add the same (accuracy, balanced accuracy) have
   * the same function, which need run only once.
   */
  contributions(targets: TargetsFor<N>, predictions: Predictions[N], into: Float64Array): Float64Array;
  /** 1 where the example counts [N], which its target alone decides. Absent: all do. */
  counted?(targets: TargetsFor<N>): Uint8Array;
}

/** What a metric's own file says of it. */
export interface MetricRow<N extends Need> {
  readonly title: string;
  readonly needs: N;
  readonly better: 'higher' | 'lower';
  /** Least and largest value; infinite where there is no bound. */
  readonly range: readonly [least: number, largest: number];
  /** What a value of 1 is one of: nothing (a share, a correlation), the target's own unit, or nats. */
  readonly unit: 'none' | 'target' | 'nats';
  /** Where the definition comes from. */
  readonly source: string;
  /** When the value is null, besides where no example has weight: the end of a sentence "... is not defined where". */
  readonly undefinedWhere?: string;
  /** Present where the metric is a mean. */
  readonly perExample?: PerExample<N>;
  prepare(targets: TargetsFor<N>): Measure<N>;
}

export interface Metric<N extends Need> extends MetricRow<N> {
  readonly name: string;
  readonly task: (typeof TASK_OF)[N];
  /** `prepare(targets)(predictions, weights)`, for a single use. */
  value(targets: TargetsFor<N>, predictions: Predictions[N], weights?: Float64Array): number | null;
}

/** A metric of which nothing is known yet: `needs` tells which one it is. */
export type AnyMetric = { [N in Need]: Metric<N> }[Need];

export function named<N extends Need>(name: string, row: MetricRow<N>): Metric<N> {
  return {
    ...row,
    name,
    task: TASK_OF[row.needs],
    value: (targets, predictions, weights) => row.prepare(targets)(predictions, weights),
  };
}

/** By how much `value` is better than `other`: positive always means better, whatever the metric's direction. */
export function advantage({ better }: Pick<AnyMetric, 'better'>, value: number, other: number): number {
  return better === 'higher' ? value - other : other - value;
}

/** Sums of the same numbers in another order differ by far less than this, relative to their scale. */
const ROUNDING = 2 ** -40;

/**
 * Whether `value` is at least as good as `other`: what a p-value counts.
 *
 * Values that rounding could have parted are a tie, and so count. Metrics that are counts (accuracy, balanced accuracy, F1)
 * are the exact fraction rounded once, so that equal counts tie in every order of rows; means of floats tie within 2^-40 of
 * the larger value, or of 1 for a metric without a unit, whose values near 0 come of subtracting values near 1.
 */
export function isAtLeastAsGood(
  metric: Pick<AnyMetric, 'better' | 'unit'>,
  value: number,
  other: number,
): boolean {
  const scale = Math.max(Math.abs(value), Math.abs(other), metric.unit === 'none' ? 1 : 0);
  return advantage(metric, value, other) >= -ROUNDING * scale;
}
