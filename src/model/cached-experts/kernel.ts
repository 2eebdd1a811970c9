import type { RuleName } from '../../config/schema.ts';
import { cutOff, decide, VALUE, type ClassDecision, type ClassKind, type Decision } from '../decision.ts';
import type { Reliability } from '../frozen-fusion.ts';
import { numbersOf } from '../label-sets.ts';
import { combineBeliefs } from './dempster.ts';
import { columnsFor } from './expert-columns.ts';
import type { FusionRecipe } from './recipe.ts';
import { asGiven, RULE_TABLE } from './rules.ts';
import { weightedArgmax, type WeightedArgmax } from './weighted-argmax.ts';

/** A rule over frozen experts: only scores are still missing. */
export interface Kernel {
  readonly rule: RuleName;
  /** What the rule makes of experts on classes. */
  readonly gives: ClassKind;
  readonly decision: Decision;
  /** Columns of the fused output: 1 or C. */
  readonly width: number;
  /** Fused outputs [N * width]. */
  fuse(scores: Reliability): Float64Array;
  /** `decide(fuse(scores))` [N], overwritten by the next call. */
  predict(scores: Reliability): Int32Array;
}

export function fusionKernel(recipe: FusionRecipe): Kernel {
  const {
    rule: { rule, epsilon },
    experts,
    options,
    labels,
  } = recipe;
  const { reads, gives, weigh, normalises = false } = RULE_TABLE[rule];
  // A label is a binary question of its own: what is done with it is what is done with a single column.
  const columns = experts.map((expert) =>
    columnsFor(reads, labels ? { ...expert, width: 1 } : expert, epsilon),
  );
  const rows = experts[0].values.length / experts[0].width;
  const width = columns[0].length / rows;
  const decision = decisionOf(recipe, gives, width);
  const base = { rule, gives, decision, width };

  if (weigh === undefined) {
    const fuse: Kernel['fuse'] = (scores) => combineBeliefs(columns, valuesOf(scores), width);
    return { ...base, fuse, predict: (scores) => decide(fuse(scores), width, decision) };
  }
  const weighRows = weigh(options);
  const fuse: Kernel['fuse'] = (scores) => {
    const weights = columns.map(() => new Float64Array(rows));
    weighRows(valuesOf(scores), weights);
    return weightedSum(weights, columns, width);
  };
  const argmax =
    decision.kind === 'value' || decision.kind === 'labels'
      ? undefined
      : vectorArgmax(columns, width, { ...decision, normalises });
  if (argmax === undefined) {
    return { ...base, fuse, predict: (scores) => decide(fuse(scores), width, decision) };
  }
  const { weights } = argmax;
  const predict: Kernel['predict'] = (scores) => {
    (normalises ? asGiven : weighRows)(valuesOf(scores), weights);
    return argmax.classes();
  };
  return { ...base, fuse, predict };
}

function decisionOf(
  { experts, threshold, labels: thresholds }: FusionRecipe,
  gives: ClassKind,
  width: number,
): Decision {
  if (experts[0].kind === 'value') return VALUE;
  if (thresholds) return { kind: 'labels', numbers: numbersOf(gives), classes: 1, thresholds };
  return { kind: gives, classes: Math.max(2, width), threshold };
}

/** Undefined where the decision is no argmax: classes 0 and 1 in two columns, with a threshold between them. */
function vectorArgmax(
  columns: readonly Float64Array[],
  width: number,
  { kind, threshold, normalises }: ClassDecision & { readonly normalises: boolean },
): WeightedArgmax | undefined {
  if (width === 1) return weightedArgmax(columns, { width, normalises, cut: cutOff(kind, threshold ?? 0.5) });
  return threshold === undefined ? weightedArgmax(columns, { width, normalises }) : undefined;
}

function valuesOf(scores: Reliability): Float64Array[] {
  return scores.map(({ values }) => values);
}

/** sum_m weights_m * columns_m [N * width], summed in the order of the modalities. */
function weightedSum(
  weights: readonly Float64Array[],
  columns: readonly Float64Array[],
  width: number,
): Float64Array {
  const fused = new Float64Array(columns[0].length);
  columns.forEach((values, m) => {
    const weight = weights[m];
    for (let i = 0, at = 0; i < weight.length; i++) {
      const share = weight[i];
      for (const end = at + width; at < end; at++) fused[at] += share * values[at];
    }
  });
  return fused;
}
