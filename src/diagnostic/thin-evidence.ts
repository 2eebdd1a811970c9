import type { Diagnosis } from './diagnosis.ts';

/** From fewer of the rarest class, intervals of balanced accuracy hold the true gap less often than they say (docs/study.md). */
export const FEW_OF_A_CLASS = 30;
/** The same of examples that the gap hangs on, or blocks of them. */
export const FEW_THAT_COUNT = 12;

/** Too few of what an interval is made from: examples, or blocks of them. */
export interface ThinEvidence {
  readonly of: 'the rarest class' | 'what the gap hangs on';
  readonly count: number;
  /** From so many on, intervals are as good as they say. */
  readonly enough: number;
}

/** Why the interval of the gap is too narrow; undefined where it is not. */
export function thinEvidence({
  power: { smallestClass, hangsOn = 0 },
}: Pick<Diagnosis, 'power'>): ThinEvidence | undefined {
  if (smallestClass !== undefined && smallestClass < FEW_OF_A_CLASS) {
    return { of: 'the rarest class', count: smallestClass, enough: FEW_OF_A_CLASS };
  }
  // Where no example has a share in the gap, it is the unseen ones that matter (see `unseenGap`).
  if (hangsOn > 0 && hangsOn < FEW_THAT_COUNT) {
    return { of: 'what the gap hangs on', count: hangsOn, enough: FEW_THAT_COUNT };
  }
  return undefined;
}
