import type { FusionRule } from '../../config/gate-config.ts';
import type { CachedExpert } from './expert-columns.ts';
import type { RuleOptions } from './rules.ts';

/** What a kernel is made of: plain values and typed arrays, so that another thread can make the same one. */
export interface FusionRecipe {
  readonly rule: FusionRule;
  readonly experts: readonly CachedExpert[];
  readonly options: RuleOptions;
  /** Where a binary output turns to class 1, as in `Decision`. */
  readonly threshold?: number;
  /** Where each label is predicted [L], as in `LabelsDecision`: experts are [N, L]. Undefined: an example has one class. */
  readonly labels?: readonly number[];
}
