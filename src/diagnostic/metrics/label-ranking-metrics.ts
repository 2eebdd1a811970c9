import type { Measure, MetricRow } from './metric.ts';
import {
  areaUnderRoc,
  averagePrecision,
  meanOfRankings,
  type OfRanking,
  rankingOf,
} from './ranking-metrics.ts';

const SHARE = { needs: 'label-posteriors', better: 'higher', range: [0, 1], unit: 'none' } as const;
const ONE_SIDED = 'a label is true of all examples, or of none';
const ALL_ONE_SIDED = 'all labels are true of all examples, or of none';

/** Metrics of the order in which probabilities put the examples, label by label or all labels together. */
export const LABEL_RANKING_METRICS = {
  'multi-label-macro-auroc': {
    ...SHARE,
    title: 'Macro AUROC of labels',
    source: 'scikit-learn roc_auc_score(average="macro") of indicator matrices',
    undefinedWhere: ONE_SIDED,
    prepare: meanOverLabels(areaUnderRoc),
  },
  'multi-label-micro-auroc': {
    ...SHARE,
    title: 'Micro AUROC of labels',
    source: 'scikit-learn roc_auc_score(average="micro") of indicator matrices',
    undefinedWhere: ALL_ONE_SIDED,
    prepare: ofAllLabels(areaUnderRoc),
  },
  'multi-label-macro-average-precision': {
    ...SHARE,
    title: 'Macro average precision of labels (mAP)',
    source: 'scikit-learn average_precision_score(average="macro"): 0 for a label that is true of no example',
    prepare: meanOverLabels(averagePrecision),
  },
  'multi-label-micro-average-precision': {
    ...SHARE,
    title: 'Micro average precision of labels',
    source: 'scikit-learn average_precision_score(average="micro") of indicator matrices',
    prepare: ofAllLabels(averagePrecision),
  },
} as const satisfies Record<string, MetricRow<'label-posteriors'>>;

/** Number of no label. */
const NO_LABEL = -1;

function meanOverLabels(of: OfRanking): MetricRow<'label-posteriors'>['prepare'] {
  return ({ sets, width }) => {
    const rankings = Array.from({ length: width }, (_, label) => {
      const has = Int32Array.from({ length: sets.length / width }, (_, i) =>
        sets[i * width + label] === 1 ? label : NO_LABEL,
      );
      return rankingOf(has, width, label);
    });
    return meanOfRankings(rankings, of);
  };
}

/** Every label of every example is one entry of the same ranking. */
function ofAllLabels(of: OfRanking): MetricRow<'label-posteriors'>['prepare'] {
  return ({ sets, width }) => {
    const has = Int32Array.from(sets, (label) => (label === 1 ? 0 : NO_LABEL));
    const measure = meanOfRankings([rankingOf(has, 1, 0)], of);
    const forEachLabel = (weights: Float64Array): Float64Array =>
      Float64Array.from(sets, (_, at) => weights[Math.floor(at / width)]);
    const ofExamples: Measure<'label-posteriors'> = (predictions, weights) =>
      measure(predictions, weights && forEachLabel(weights));
    ofExamples.again = (weights) => measure.again!(forEachLabel(weights));
    return ofExamples;
  };
}
