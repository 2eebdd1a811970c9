import type { ExpertOutputs, FrozenFusion } from '../model/frozen-fusion.ts';
import { alignment, type ReliableWhen } from './alignment.ts';
import { appraise } from './appraisal.ts';
import { headroomByExample } from './best-of-experts.ts';
import { cellsWhere, countHits, type Cells } from './cells.ts';
import type { MetricName } from './diagnosis.ts';
import type { Targets } from './examples.ts';
import { alignmentOver, competitivenessOver } from './fold-facts.ts';
import { said } from './gauge.ts';
import { competitiveness, headroom } from './headroom.ts';
import type { ExpertFacts, FoldFacts } from './measurements.ts';
import { accuraciesFor } from './metric.ts';
import { METRICS } from './metrics/metric-table.ts';
import type { Outcomes } from './outcomes.ts';
import { wherePresent } from './presence.ts';
import type { Yardstick } from './yardstick.ts';

/** A frozen fusion, and what its experts are judged by. */
interface Judged {
  readonly fusion: FrozenFusion;
  readonly targets: Targets;
  readonly cells: Cells;
  /** The gating metric. */
  readonly yardstick: Yardstick;
  readonly plan: { readonly metric: MetricName; readonly reliableWhen: readonly ReliableWhen[] };
}

/**
 * What the experts are worth: each alone on the examples on which its modality is present.
 *
 * @param clean outcomes of Clean-Q, by the gating metric
 * @param folds what they are worth in each fold, where there are several
 * @returns null without expert outputs
 */
export function expertFacts(judged: Judged, clean: Outcomes, folds: FoldFacts | null): ExpertFacts | null {
  const { fusion, targets, plan } = judged;
  const { experts, modalities, reliability } = fusion;
  if (experts === undefined) return null;
  const ofFolds = folds?.experts;
  return {
    ...(targets.task === 'classification'
      ? classFacts(judged, experts, clean, ofFolds)
      : factsWithoutClasses(judged, experts, clean)),
    alignment: ofFolds
      ? alignmentOver(ofFolds, modalities)
      : alignment(reliability, appraise(experts, targets), modalities, plan.reliableWhen),
  };
}

function classFacts(
  { fusion, cells, yardstick }: Judged,
  experts: ExpertOutputs,
  clean: Outcomes,
  folds: FoldFacts['experts'] | undefined,
): Omit<ExpertFacts, 'alignment'> {
  const { labels, classes } = cells;
  const { counted } = yardstick;
  return {
    experts: Object.fromEntries(
      experts.map((expert, m) => {
        const own = cellsWhere(cells, expert);
        const hits = countHits(wherePresent(expert.classes, expert), own);
        return [fusion.modalities[m], accuraciesFor(own)(hits)];
      }),
    ),
    expertMetric: null,
    headroom: counted === undefined ? null : headroom(experts, cells, counted, counted.numerator(clean.hits)),
    competitiveness: folds ? competitivenessOver(folds) : competitiveness(experts, labels, classes),
  };
}

/** Competitiveness is about the probability of the true class: there is none. */
function factsWithoutClasses(
  { fusion, targets, plan: { metric } }: Judged,
  experts: ExpertOutputs,
  clean: Outcomes,
): Omit<ExpertFacts, 'alignment'> {
  const all = experts.map(said);
  const measured = all.map((one) =>
    METRICS[metric].prepare({
      ...targets,
      labels: wherePresent(targets.labels, one),
      values: wherePresent(targets.values, one),
    })({ ...one, values: wherePresent(one.values, one) }),
  );
  return {
    experts: null,
    expertMetric: Object.fromEntries(fusion.modalities.map((modality, m) => [modality, measured[m]])),
    headroom: headroomByExample(metric, targets, all, clean.values[0]),
    competitiveness: null,
  };
}
