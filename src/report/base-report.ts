import type { GapChange, RecordedGap, VerdictName } from '../diagnostic/diagnosis.ts';

/** A commit that pull requests are compared with. */
export interface BaseCommit {
  /** Full, hexadecimal. */
  readonly sha: string;
  /** What it was asked for by: a branch, a tag or a commit. */
  readonly ref: string;
}

/** What a gate was at the base, and what became of its gap. */
export interface FoundBase extends BaseCommit {
  /** `judged` in this run; or `same`, as everything that the gate reads is what it was; or what the `history` has of it. */
  readonly source: 'judged' | 'same' | 'history';
  /** Why the history has to stand for it. */
  readonly why?: string;
  readonly verdict: VerdictName;
  readonly model: { readonly path: string; readonly sha256: string };
  readonly evaluationSet: {
    readonly path: string;
    readonly sha256: string;
    readonly evaluated: number;
    /** The column of their weights, where they had any. */
    readonly weight?: string;
  };
  /** The gating metric with Clean-Q. */
  readonly clean: number;
  /** Its mean with Broken-Q. */
  readonly broken: number;
  readonly gap: { readonly value: number; readonly lower: number; readonly upper: number };
  /** One-sided, of that gap. */
  readonly p: number;
  readonly change: GapChange & {
    /** How far the gap may fall. */
    readonly threshold: number;
    /** Whether the config has a regression fail. */
    readonly fails: boolean;
  };
}

/** What the history has of a gate at one commit. */
export interface BaseRecord extends Pick<
  FoundBase,
  'sha' | 'verdict' | 'model' | 'evaluationSet' | 'clean' | 'broken' | 'p'
> {
  readonly gate: string;
  readonly metric: string;
  readonly gap: RecordedGap;
}

/** Why there is nothing to compare with, in a sentence. */
export interface MissingBase extends Partial<BaseCommit> {
  readonly missing: string;
}

export type BaseReport = FoundBase | MissingBase;

export function isMissing(base: BaseReport): base is MissingBase {
  return 'missing' in base;
}
