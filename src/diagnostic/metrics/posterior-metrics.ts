import { calibrationError, reliabilityDiagram } from '../calibration.ts';
import { meanOfExamples } from './mean-of-examples.ts';
import type { MetricRow, PerExample } from './metric.ts';

type Contributions = PerExample<'posteriors'>['contributions'];

/** Number of bins of the expected calibration error, as in Guo et al. (2017). */
const ECE_BINS = 15;

const surprise: Contributions = ({ labels, classes }, { posteriors }, into) => {
  for (let i = 0; i < labels.length; i++) {
    const posterior = posteriors[i * classes + labels[i]];
    into[i] = -Math.log(Math.min(Math.max(posterior, Number.EPSILON), 1 - Number.EPSILON));
  }
  return into;
};

const squaredErrors: Contributions = ({ labels, classes }, { posteriors }, into) => {
  const scale = classes === 2 ? 0.5 : 1;
  for (let i = 0; i < labels.length; i++) {
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const error = posteriors[i * classes + c] - (labels[i] === c ? 1 : 0);
      sum += error * error;
    }
    into[i] = scale * sum;
  }
  return into;
};

/** Metrics of the posteriors themselves. The first class is meant where two have the same posterior, but for top-k. */
export const POSTERIOR_METRICS = {
  'log-loss': {
    title: 'Log loss',
    needs: 'posteriors',
    better: 'lower',
    range: [0, -Math.log(Number.EPSILON)],
    unit: 'nats',
    source: 'scikit-learn log_loss: posteriors are clipped to [2^-52, 1 - 2^-52]',
    ...meanOfExamples<'posteriors'>(surprise),
  },
  brier: {
    title: 'Brier score',
    needs: 'posteriors',
    better: 'lower',
    range: [0, 2],
    unit: 'none',
    source:
      'scikit-learn brier_score_loss(scale_by_half="auto"): sum of squared errors over classes, 0 to 2; halved for two classes, 0 to 1',
    ...meanOfExamples<'posteriors'>(squaredErrors),
  },
  ece: {
    title: `Expected calibration error, ${ECE_BINS} bins`,
    needs: 'posteriors',
    better: 'lower',
    range: [0, 1],
    unit: 'none',
    source: `Guo et al. 2017, section 2: ${ECE_BINS} bins of equal width, by the posterior of the predicted class`,
    prepare: expectedCalibrationError(ECE_BINS),
  },
  'top-2-accuracy': topKAccuracy(2),
  'top-3-accuracy': topKAccuracy(3),
  'top-5-accuracy': topKAccuracy(5),
} as const satisfies Record<string, MetricRow<'posteriors'>>;

/** Of classes with the same posterior the highest ones come first, as in scikit-learn. */
function topKAccuracy(k: number): MetricRow<'posteriors'> {
  return {
    title: `Top-${k} accuracy`,
    needs: 'posteriors',
    better: 'higher',
    range: [0, 1],
    unit: 'none',
    source: `scikit-learn top_k_accuracy_score(k=${k})`,
    ...meanOfExamples<'posteriors'>(({ labels, classes }, { posteriors }, into) => {
      for (let i = 0; i < labels.length; i++) {
        const start = i * classes;
        const place = start + labels[i];
        const own = posteriors[place];
        // Sums of comparisons rather than branches, which no processor can foresee here.
        let before = 0;
        for (let at = start; at < place; at++) before += Number(posteriors[at] > own);
        for (let at = place + 1; at < start + classes; at++) before += Number(posteriors[at] >= own);
        into[i] = Number(before < k);
      }
      return into;
    }),
  };
}

function expectedCalibrationError(bins: number): MetricRow<'posteriors'>['prepare'] {
  return ({ labels, classes }) => {
    const confidence = new Float64Array(labels.length);
    const right = new Float64Array(labels.length);
    return ({ posteriors }, weights) => {
      for (let i = 0; i < labels.length; i++) {
        const start = i * classes;
        let best = 0;
        for (let c = 1; c < classes; c++) if (posteriors[start + c] > posteriors[start + best]) best = c;
        confidence[i] = posteriors[start + best];
        right[i] = labels[i] === best ? 1 : 0;
      }
      return calibrationError(reliabilityDiagram(confidence, right, { bins, weights }));
    };
  };
}
