import type { ModalityScores, Reliability } from '../model/frozen-fusion.ts';
import type { ReliableWhen } from './alignment.ts';
import { rowsByFold } from './cells.ts';
import type { Folds } from './examples.ts';
import { isPartial, keepAbsent } from './presence.ts';
import { quantile } from './quantile.ts';
import { mean } from './spread.ts';
import { CHANGES, type ArmName, type ChangeName, type ArmReason } from './score-findings.ts';

/** Scores that the frozen rule may be fed, or why not. */
export interface PlannedArm {
  readonly name: ArmName | ChangeName;
  /** The one whose score is changed; null where all are. */
  readonly modality: string | null;
  readonly scores: Reliability | ArmReason;
}

/** What the arms of a fusion are made from. */
export interface ArmPlan {
  readonly clean: Reliability;
  readonly modalities: readonly string[];
  readonly reliableWhen: readonly ReliableWhen[];
  readonly uniformScore: 'mean' | number;
  readonly folds: Folds;
  /** Scores that name the right experts, as the correctness control has them. */
  readonly truthful: Reliability | ArmReason;
}

/** Quantiles that a clipped score stays between. */
const CLIP = [0.05, 0.95] as const;

/** All arms, then what may be done about each modality's score. */
export function armsOf(plan: ArmPlan): PlannedArm[] {
  const { clean, modalities, reliableWhen, folds, truthful } = plan;
  const all = (name: ArmName, scores: Reliability | ArmReason): PlannedArm => ({
    name,
    modality: null,
    scores: orUnchanged(scores, clean),
  });
  const arms = [
    all('constant', isUniform(plan) ? 'the same as uniform' : clean.map((scores) => dropped(scores, folds))),
    all('zero', clean.map(zeroed)),
    all('swapped', swapped(clean)),
    all('oracle', truthful),
  ];
  const changes = modalities.flatMap((modality, m) =>
    CHANGES.map((name): PlannedArm => {
      const changed = CHANGED[name](clean[m], folds, reliableWhen[m]);
      return { name, modality, scores: orUnchanged(clean.with(m, changed), clean) };
    }),
  );
  return [...arms, ...changes];
}

/** No-Q is the pooled mean: of a single number per row, that is its own. */
function isUniform({ clean, uniformScore }: ArmPlan): boolean {
  return uniformScore === 'mean' && clean.length === 1 && clean[0].width === 1;
}

function orUnchanged(scores: Reliability | ArmReason, clean: Reliability): Reliability | ArmReason {
  if (typeof scores === 'string') return scores;
  const isSame = scores.every(({ values }, m) =>
    values.every((value, i) => Object.is(value, clean[m].values[i])),
  );
  return isSame ? 'no score would change' : scores;
}

type Change = (scores: ModalityScores, folds: Folds, reliableWhen: ReliableWhen) => ModalityScores;

/** Every change is made to each component of a score by itself, within each fold. */
const CHANGED: Record<ChangeName, Change> = {
  drop: dropped,
  clip: (scores, folds) =>
    byComponent(scores, folds, (sorted) => {
      const [low, high] = CLIP.map((share) => quantile(sorted, share));
      return (value) => Math.min(high, Math.max(low, value));
    }),
  // No row is trusted less than the one in the middle.
  floor: (scores, folds, reliableWhen) =>
    byComponent(scores, folds, (sorted) => {
      const middle = quantile(sorted, 0.5);
      return (value) => (reliableWhen === 'high' ? Math.max(middle, value) : Math.min(middle, value));
    }),
};

/** Held at its mean. */
function dropped(scores: ModalityScores, folds: Folds): ModalityScores {
  return byComponent(scores, folds, (sorted) => {
    const isConstant = sorted[0] === sorted[sorted.length - 1];
    const held = isConstant ? sorted[0] : mean([...sorted]);
    return () => held;
  });
}

function zeroed(scores: ModalityScores): ModalityScores {
  const values = new Float64Array(scores.values.length);
  keepAbsent(scores.values, values, scores, scores.width);
  return { ...scores, values };
}

/** Each modality gets the scores of the next one, and the last one those of the first. */
function swapped(clean: Reliability): Reliability | ArmReason {
  if (clean.length === 1) return 'a single modality';
  if (isPartial(clean)) return 'modalities that are absent on some rows';
  if (clean.some(({ width }) => width !== clean[0].width)) return 'vectors of different widths';
  return clean.map((_, m) => clean[(m + 1) % clean.length]);
}

/** @param changeFor what is done to each value that is present, given all of them in the fold, ascending */
function byComponent(
  scores: ModalityScores,
  folds: Folds,
  changeFor: (sorted: Float64Array) => (value: number) => number,
): ModalityScores {
  const { width, values, present } = scores;
  const changed = values.slice();
  for (const all of rowsByFold(folds)) {
    const rows = present === undefined ? all : all.filter((row) => present[row] === 1);
    if (rows.length === 0) continue;
    for (let d = 0; d < width; d++) {
      const change = changeFor(Float64Array.from(rows, (row) => values[row * width + d]).sort());
      for (const row of rows) changed[row * width + d] = change(values[row * width + d]);
    }
  }
  return { ...scores, values: changed };
}
