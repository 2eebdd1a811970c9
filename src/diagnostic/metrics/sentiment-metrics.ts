import { meanOfExamples } from './mean-of-examples.ts';
import type { MetricRow } from './metric.ts';

const SHARE = { needs: 'values', better: 'higher', range: [0, 1], unit: 'none' } as const;

/**
 * Accuracies of a sentiment in [-3, 3], as the evaluation code published for CMU-MOSI and CMU-MOSEI has them (Zadeh et al.
 * 2018; Tsai et al. 2019; Yu et al. 2021, MMSA).
 */
export const SENTIMENT_METRICS = {
  'acc-2-with-zero': {
    ...SHARE,
    title: 'Acc-2, negative or non-negative',
    source: 'MMSA "Has0_acc_2": true and predicted value are both >= 0, or both below',
    ...meanOfExamples<'values'>(({ values: truth }, { values }, into) => {
      for (let i = 0; i < truth.length; i++) into[i] = truth[i] >= 0 === values[i] >= 0 ? 1 : 0;
      return into;
    }),
  },
  'acc-2-without-zero': {
    ...SHARE,
    title: 'Acc-2, negative or positive',
    source: 'MMSA "Non0_acc_2": of the examples whose true value is not 0, both are > 0, or neither is',
    undefinedWhere: 'every true value is 0',
    ...meanOfExamples<'values'>(
      ({ values: truth }, { values }, into) => {
        for (let i = 0; i < truth.length; i++) into[i] = truth[i] > 0 === values[i] > 0 ? 1 : 0;
        return into;
      },
      ({ values: truth }) => Uint8Array.from(truth, (value) => (value === 0 ? 0 : 1)),
    ),
  },
  'acc-7': {
    ...SHARE,
    title: 'Acc-7',
    source:
      'MMSA "Mult_acc_7": both values clipped to [-3, 3] and rounded, halves to the even number as numpy.round does',
    ...meanOfExamples<'values'>(({ values: truth }, { values }, into) => {
      for (let i = 0; i < truth.length; i++) into[i] = sevenPoint(truth[i]) === sevenPoint(values[i]) ? 1 : 0;
      return into;
    }),
  },
} as const satisfies Record<string, MetricRow<'values'>>;

/** The nearest of -3..3; halves go to the even one: 0.5 to 0, 1.5 and 2.5 to 2. */
function sevenPoint(value: number): number {
  const clipped = Math.min(3, Math.max(-3, value));
  const below = Math.floor(clipped);
  const rest = clipped - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
}
