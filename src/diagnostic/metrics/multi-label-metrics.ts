import { emptyTally, tallySets } from './class-tally.ts';
import { macroF1OfAll, microF1, weightedF1, type AverageF1 } from './f1.ts';
import { meanOfExamples } from './mean-of-examples.ts';
import { exampleCount, type MetricRow, type PerExample } from './metric.ts';

const SHARE = { needs: 'sets', better: 'higher', range: [0, 1], unit: 'none' } as const;

/** Metrics of predicted label sets. An F1 (or Jaccard) of nothing expected and nothing predicted is 0, as in scikit-learn. */
export const MULTI_LABEL_METRICS = {
  'subset-accuracy': {
    ...SHARE,
    title: 'Subset accuracy',
    source: 'scikit-learn accuracy_score of indicator matrices: every label of the example is right',
    ...meanOfExamples<'sets'>((truth, predicted, into) => {
      const wrong = differences(truth, predicted, into);
      for (let i = 0; i < wrong.length; i++) wrong[i] = wrong[i] === 0 ? 1 : 0;
      return wrong;
    }),
  },
  'hamming-loss': {
    ...SHARE,
    better: 'lower',
    title: 'Hamming loss',
    source: 'scikit-learn hamming_loss: share of the labels that are wrong',
    ...meanOfExamples<'sets'>((truth, predicted, into) => {
      const wrong = differences(truth, predicted, into);
      for (let i = 0; i < wrong.length; i++) wrong[i] /= truth.width;
      return wrong;
    }),
  },
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
    ...meanOfExamples<'sets'>(ofEachExample((both, sum) => (sum === 0 ? 0 : (2 * both) / sum))),
  },
  'multi-label-samples-jaccard': {
    ...SHARE,
    title: 'Jaccard index of label sets, per example',
    source:
      'scikit-learn jaccard_score(average="samples"): mean over examples of common labels by all labels',
    ...meanOfExamples<'sets'>(ofEachExample((both, sum) => (sum === 0 ? 0 : both / (sum - both)))),
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

/** What is true of the labels, and what is said of them, [N * width]. */
interface Sets {
  readonly sets: Uint8Array;
}

/** Labels of each example that are wrong. */
export function differences(
  { sets: truth, width }: Sets & { readonly width: number },
  { sets }: Sets,
  into: Float64Array,
): Float64Array {
  for (let i = 0; i < into.length; i++) {
    let wrong = 0;
    for (let at = i * width; at < (i + 1) * width; at++) wrong += truth[at] ^ sets[at];
    into[i] = wrong;
  }
  return into;
}

/** A function of how many labels are both true and predicted, and how many there are on both sides in all. */
function ofEachExample(value: (both: number, sum: number) => number): PerExample<'sets'>['contributions'] {
  return ({ sets: truth, width }, { sets }, into) => {
    for (let i = 0; i < into.length; i++) {
      let both = 0;
      let sum = 0;
      for (let at = i * width; at < (i + 1) * width; at++) {
        both += truth[at] & sets[at];
        sum += truth[at] + sets[at];
      }
      into[i] = value(both, sum);
    }
    return into;
  };
}
