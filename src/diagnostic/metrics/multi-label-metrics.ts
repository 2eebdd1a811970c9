import { emptyTally, tallySets } from './class-tally.ts';
import { macroF1OfAll, microF1, weightedF1, type AverageF1 } from './f1.ts';
import { meanOfExamples } from './mean-of-examples.ts';
import { exampleCount, type MetricRow } from './metric.ts';

const SHARE = { needs: 'sets', better: 'higher', range: [0, 1], unit: 'none' } as const;

/** Metrics of predicted label sets. An F1 of nothing expected and nothing predicted is 0, as in scikit-learn. */
export const MULTI_LABEL_METRICS = {
  'multi-label-macro-f1': {
    ...SHARE,
    title: 'Macro F1 of labels',
    source: 'scikit-learn f1_score(average="macro") of indicator matrices: over all labels',
    prepare: fromTally(macroF1OfAll),
  },
  'multi-label-micro-f1': {
    ...SHARE,
    title: 'Micro F1 of labels',
    source: 'scikit-learn f1_score(average="micro") of indicator matrices',
    prepare: fromTally(microF1),
  },
  'multi-label-weighted-f1': {
    ...SHARE,
    title: 'Weighted F1 of labels',
    source: 'scikit-learn f1_score(average="weighted") of indicator matrices',
    prepare: fromTally(weightedF1),
  },
  'multi-label-samples-f1': {
    ...SHARE,
    title: 'F1 of label sets, per example',
    source: 'scikit-learn f1_score(average="samples"): mean over examples of the F1 of their two label sets',
    ...meanOfExamples<'sets'>(f1OfEachExample),
  },
} as const satisfies Record<string, MetricRow<'sets'>>;

function fromTally(value: AverageF1): MetricRow<'sets'>['prepare'] {
  return (targets) => {
    const tally = emptyTally(targets.width);
    const examples = exampleCount(targets);
    return ({ sets }, weights) => {
      const anyWeight = weights ? weights.some((weight) => weight > 0) : examples > 0;
      if (!anyWeight) return null;
      tallySets(targets.sets, sets, weights, tally);
      return value(tally);
    };
  };
}

function f1OfEachExample(
  { sets: truth, width }: { sets: Uint8Array; width: number },
  { sets }: { sets: Uint8Array },
  into: Float64Array,
): Float64Array {
  for (let i = 0; i < into.length; i++) {
    let both = 0;
    let either = 0;
    for (let at = i * width; at < (i + 1) * width; at++) {
      both += truth[at] & sets[at];
      either += truth[at] + sets[at];
    }
    into[i] = either === 0 ? 0 : (2 * both) / either;
  }
  return into;
}
