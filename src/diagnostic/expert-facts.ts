import type { ExpertOutputs, FrozenFusion } from '../model/frozen-fusion.ts';
import { alignment, type ReliableWhen } from './alignment.ts';
import { appraise } from './appraisal.ts';
import { headroomOver, headroomsByFold } from './best-of-experts.ts';
import { cellsWhere, countHits, rowsByFold, type Cells } from './cells.ts';
import type { MetricName } from './diagnosis.ts';
import type { Targets } from './examples.ts';
import { alignmentOver, competitivenessOver } from './fold-facts.ts';
import { predictedOf, said } from './gauge.ts';
import { competitiveness, headroom } from './headroom.ts';
import type { ExpertFacts, FoldFacts } from './measurements.ts';
import { accuraciesFor } from './metric.ts';
import { METRICS } from './metrics/metric-table.ts';
import type { Outcomes } from './outcomes.ts';
import { presentAmong, wherePresent } from './presence.ts';
import { targetsOfRows, valuesOfRows } from './rows-of.ts';
import { mean } from './spread.ts';
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

/** Competitiveness is about the probability of the true class: there is none. All are means over folds. */
function factsWithoutClasses(
  { fusion, targets, cells, plan: { metric } }: Judged,
  experts: ExpertOutputs,
  clean: Outcomes,
): Omit<ExpertFacts, 'alignment'> {
  const all = experts.map(said);
  const { folds, weights } = cells;
  const parts = rowsByFold(folds);
  const measured = all.map((one) =>
    meanOfKnown(
      parts.map((ofFold) => {
        const rows = presentAmong(one, ofFold);
        if (rows.length === 0) return null;
        const measure = METRICS[metric].prepare(targetsOfRows(targets, rows));
        return measure(predictedOf(one, rows), weights && valuesOfRows(weights, rows));
      }),
    ),
  );
  return {
    experts: null,
    expertMetric: Object.fromEntries(fusion.modalities.map((modality, m) => [modality, measured[m]])),
    headroom: headroomOver(headroomsByFold(metric, targets, cells, all, (fold) => clean.values[fold])),
    competitiveness: null,
  };
}

/** Null where one of them is. */
function meanOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : mean(known);
}
