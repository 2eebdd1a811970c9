import type { ExpertOutputs, FrozenFusion } from '../model/frozen-fusion.ts';
import { alignment, type ReliableWhen } from './alignment.ts';
import { appraise } from './appraisal.ts';
import { headroomByExample } from './best-of-experts.ts';
import type { MetricName } from './diagnosis.ts';
import type { Targets } from './examples.ts';
import { said } from './gauge.ts';
import { competitiveness, headroom } from './headroom.ts';
import type { ExpertFacts } from './measurements.ts';
import { accuraciesFor, countHits } from './metric.ts';
import { METRICS } from './metrics/metric-table.ts';
import type { Outcomes } from './outcomes.ts';
import type { Yardstick } from './yardstick.ts';

/** A frozen fusion, and what its experts are judged by. */
interface Judged {
  readonly fusion: FrozenFusion;
  readonly targets: Targets;
  /** The gating metric. */
  readonly yardstick: Yardstick;
  readonly plan: { readonly metric: MetricName; readonly reliableWhen: readonly ReliableWhen[] };
}

/**
 * What the experts are worth.
 *
 * @param clean outcomes of Clean-Q, by the gating metric
 * @returns null without expert outputs
 */
export function expertFacts(judged: Judged, clean: Outcomes): ExpertFacts | null {
  const { fusion, targets, plan } = judged;
  const { experts, modalities, reliability } = fusion;
  if (experts === undefined) return null;
  const appraisals = appraise(experts, targets);
  return {
    ...(targets.task === 'classification'
      ? classFacts(judged, experts, clean)
      : factsWithoutClasses(judged, experts, clean)),
    alignment: alignment(reliability, appraisals, modalities, plan.reliableWhen),
  };
}

function classFacts(
  { fusion, targets, yardstick }: Judged,
  experts: ExpertOutputs,
  clean: Outcomes,
): Omit<ExpertFacts, 'alignment'> {
  const { labels, classes } = targets;
  const { counted } = yardstick;
  const accuracies = accuraciesFor(labels, classes);
  return {
    experts: Object.fromEntries(
      experts.map((expert, m) => [
        fusion.modalities[m],
        accuracies(countHits(expert.classes, labels, classes)),
      ]),
    ),
    expertMetric: null,
    headroom:
      counted === undefined
        ? null
        : headroom(experts, labels, classes, counted, counted.numerator(clean.hits)),
    competitiveness: competitiveness(experts, labels, classes),
  };
}

/** Competitiveness is about the probability of the true class: there is none. */
function factsWithoutClasses(
  { fusion, targets, plan: { metric } }: Judged,
  experts: ExpertOutputs,
  clean: Outcomes,
): Omit<ExpertFacts, 'alignment'> {
  const all = experts.map(said);
  const measured = all.map((one) => METRICS[metric].prepare(targets)(one));
  return {
    experts: null,
    expertMetric: Object.fromEntries(fusion.modalities.map((modality, m) => [modality, measured[m]])),
    headroom: headroomByExample(metric, targets, all, clean.values[0]),
    competitiveness: null,
  };
}
