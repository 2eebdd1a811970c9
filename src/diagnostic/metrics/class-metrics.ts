import { emptyTally, tallyClasses, type ClassTally } from './class-tally.ts';
import { asIntegers, nearestNumber, sumOf } from './exact-fraction.ts';
import { macroF1OfOccurring, microF1, weightedF1, type AverageF1 } from './f1.ts';
import { meanOfExamples } from './mean-of-examples.ts';
import type { MetricRow, PerExample } from './metric.ts';

const hits: PerExample<'classes'>['contributions'] = ({ labels }, { classes }, into) => {
  for (let i = 0; i < labels.length; i++) into[i] = labels[i] === classes[i] ? 1 : 0;
  return into;
};

const SHARE = { needs: 'classes', better: 'higher', range: [0, 1], unit: 'none' } as const;

/** Metrics of predicted classes. All but a weighted accuracy are exact fractions of counts, rounded once. */
export const CLASS_METRICS = {
  accuracy: {
    ...SHARE,
    title: 'Accuracy',
    source: 'scikit-learn accuracy_score',
    ...meanOfExamples<'classes'>(hits),
  },
  'balanced-accuracy': {
    ...SHARE,
    title: 'Balanced accuracy',
    source: 'scikit-learn balanced_accuracy_score: mean recall over the classes that occur',
    perExample: { meanOver: 'classes', contributions: hits },
    prepare: fromTally(balancedAccuracy),
  },
  'macro-f1': {
    ...SHARE,
    title: 'Macro F1',
    source: 'scikit-learn f1_score(average="macro"): over the classes that occur or are predicted',
    prepare: fromTally(macroF1OfOccurring),
  },
  'micro-f1': {
    ...SHARE,
    title: 'Micro F1',
    source: 'scikit-learn f1_score(average="micro"): with one class per example, the accuracy',
    prepare: fromTally(microF1),
  },
  'weighted-f1': {
    ...SHARE,
    title: 'Weighted F1',
    source: 'scikit-learn f1_score(average="weighted"): weighted by the examples of each class',
    prepare: fromTally(weightedF1),
  },
} as const satisfies Record<string, MetricRow<'classes'>>;

function fromTally(value: AverageF1): MetricRow<'classes'>['prepare'] {
  return ({ labels, classes: classCount }) => {
    const tally = emptyTally(classCount);
    return ({ classes }, weights) => {
      tallyClasses(labels, classes, weights, tally);
      return tally.support.some((weight) => weight > 0) ? value(tally) : null;
    };
  };
}

function balancedAccuracy(tally: ClassTally): number {
  const present = [...tally.support.keys()].filter((c) => tally.support[c] > 0);
  const exact = asIntegers(Float64Array.from(present.flatMap((c) => [tally.hits[c], tally.support[c]])));
  const recalls = present.map((_, at) => ({ numerator: exact[2 * at], denominator: exact[2 * at + 1] }));
  const { numerator, denominator } = sumOf(recalls);
  return nearestNumber({ numerator, denominator: denominator * BigInt(present.length) });
}
