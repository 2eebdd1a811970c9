import type { ExpertOutputs, FrozenFusion, Reliability } from '../model/frozen-fusion.ts';
import { alignment, isConstant, type ReliableWhen } from './alignment.ts';
import { appraise } from './appraisal.ts';
import { headroomByExample } from './best-of-experts.ts';
import { cellsOf, rowsByFold, type Cells } from './cells.ts';
import type { Alignment, Diagnosis, MetricName } from './diagnosis.ts';
import type { Folds, Targets } from './examples.ts';
import { said } from './gauge.ts';
import { competitiveness, headroom } from './headroom.ts';
import type { FoldExpertFacts, FoldFacts } from './measurements.ts';
import { isCounted, metricFor } from './metric.ts';
import type { Outcomes } from './outcomes.ts';
import { presentIn } from './presence.ts';
import { median } from './quantile.ts';
import { targetsOfRows, valuesOfRows } from './rows-of.ts';
import { mean } from './spread.ts';

/**
 * What experts, and scores, are in each fold, as if it were alone.
 *
 * @param clean outcomes of Clean-Q; where the gating metric is a gauge, it is the first
 */
export function foldFacts(
  fusion: FrozenFusion,
  { targets, cells }: { readonly targets: Targets; readonly cells: Cells },
  folds: Folds,
  clean: Outcomes,
  { metric, reliableWhen }: { readonly metric: MetricName; readonly reliableWhen: readonly ReliableWhen[] },
): FoldFacts {
  const { modalities, reliability, experts } = fusion;
  const { labels, classes, weights } = cells;
  const parts = rowsByFold(folds).map((rows, fold) => ({
    fold,
    targets: targetsOfRows(targets, rows),
    cells: cellsOf(
      Int32Array.from(rows, (row) => labels[row]),
      classes,
      undefined,
      weights && Float64Array.from(rows, (row) => weights[row]),
    ),
    clean: clean.hits.subarray(fold * classes, (fold + 1) * classes),
    scores: scoresOf(reliability, rows),
    experts: experts && expertsOf(experts, rows, classes),
  }));
  const isOfClasses = targets.task === 'classification';
  const headroomIn = (part: (typeof parts)[number], outputs: ExpertOutputs): FoldExpertFacts['headroom'] => {
    if (!isOfClasses) {
      const { fold, targets: own } = part;
      return headroomByExample(metric, own, outputs.map(said), clean.values[fold], part.cells.weights);
    }
    const counted = isCounted(metric) ? metricFor(metric, part.cells) : undefined;
    return counted ? headroom(outputs, part.cells, counted, counted.numerator(part.clean)) : null;
  };
  const ofExperts = (part: (typeof parts)[number], outputs: ExpertOutputs): FoldExpertFacts => ({
    headroom: headroomIn(part, outputs),
    competitiveness: isOfClasses ? competitiveness(outputs, part.cells.labels, classes) : null,
    alignment: alignment(part.scores, appraise(outputs, part.targets), modalities, reliableWhen),
  });
  return {
    of: folds.of,
    names: folds.names,
    repeats: folds.repeats,
    experts: experts === undefined ? null : parts.map((part) => ofExperts(part, part.experts!)),
    constantScores: parts.map(({ scores }) => modalities.filter((_, m) => isConstantScore(scores[m]))),
  };
}

/** Median over folds of the median, and means over folds of the rest. Null where no fold has it. */
export function competitivenessOver(folds: readonly FoldExpertFacts[]): Diagnosis['competitiveness'] {
  const found = folds.flatMap((fold) => fold.competitiveness ?? []);
  if (found.length === 0) return null;
  return {
    median: median(Float64Array.from(found, (of) => of.median)),
    massBelow: mean(found.map(({ massBelow }) => massBelow)),
    disagreement: mean(found.map(({ disagreement }) => disagreement)),
  };
}

/** Means over the folds in which each is defined. */
export function alignmentOver(
  folds: readonly FoldExpertFacts[],
  modalities: readonly string[],
): Record<string, Alignment> {
  const over = (modality: string, key: keyof Alignment): number | null => {
    const found = folds.flatMap((fold) => fold.alignment[modality][key] ?? []);
    return found.length === 0 ? null : mean(found);
  };
  return Object.fromEntries(
    modalities.map((modality) => [
      modality,
      {
        pearson: over(modality, 'pearson'),
        spearman: over(modality, 'spearman'),
        auroc: over(modality, 'auroc'),
      },
    ]),
  );
}

function scoresOf(reliability: Reliability, rows: Uint32Array): Reliability {
  return reliability.map((scores) => ({
    width: scores.width,
    values: takeRows(scores.values, rows, scores.width),
    ...presentIn(scores, rows),
  }));
}

function expertsOf(experts: ExpertOutputs, rows: Uint32Array, classes: number): ExpertOutputs {
  return experts.map((expert) => ({
    classes: Int32Array.from(rows, (row) => expert.classes[row]),
    posteriors: expert.posteriors && takeRows(expert.posteriors, rows, classes),
    ...presentIn(expert, rows),
    values: expert.values && valuesOfRows(expert.values, rows),
  }));
}

function takeRows(values: Float64Array, rows: Uint32Array, width: number): Float64Array {
  const taken = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    taken.set(values.subarray(row * width, (row + 1) * width), i * width);
  });
  return taken;
}

function isConstantScore({ width, values, present }: Reliability[number]): boolean {
  if (present?.includes(1) === false) return false;
  const isOf = (i: number, d: number): boolean => i % width === d && present?.[Math.floor(i / width)] !== 0;
  return Array.from({ length: width }, (_, d) => values.filter((_, i) => isOf(i, d))).every(isConstant);
}
