import type { Interval } from '../src/diagnostic/bootstrap-interval.ts';
import { ALPHA, type Found } from './judge-data-set.ts';
import type { Nominal } from './rate.ts';

/** What the program claims of every data set of a kind, and whether it is so in one. */
export interface Claim extends Nominal {
  /** @param gap the true one */
  readonly happens: (found: Found, gap: number) => boolean;
  /** It is about positive controls, or about a verdict that they decide. */
  readonly needsControls?: true;
  /** It is not claimed where the report warns of thin evidence. */
  readonly unlessThin?: true;
}

const falseAlarm = (what: string, happens: Claim['happens']): Claim => ({
  what,
  nominal: ALPHA,
  mayErr: 'below',
  happens,
});

const coverage = (what: string, intervalOf: (found: Found) => Interval): Claim => ({
  what,
  nominal: 0.95,
  mayErr: 'above',
  unlessThin: true,
  happens: (found, gap) => {
    const { lower, upper } = intervalOf(found);
    return lower <= gap && gap <= upper;
  },
});

export const CLAIMS = {
  oneSided: falseAlarm('one-sided p ≤ 0.05', ({ diagnosis: { p } }) => p.oneSided <= ALPHA),
  /** By a metric without ties, p has its level exactly. */
  exact: {
    ...falseAlarm('one-sided p ≤ 0.05, no ties', ({ diagnosis: { p } }) => p.oneSided <= ALPHA),
    mayErr: 'neither way',
  },
  otherSide: falseAlarm('p of the other side ≤ 0.05', ({ diagnosis: { p } }) => p.otherSide <= ALPHA),
  twoSided: falseAlarm('two-sided p ≤ 0.05', ({ diagnosis: { p } }) => p.twoSided <= ALPHA),
  joint: falseAlarm('p of joint shuffles ≤ 0.05', ({ diagnosis: { joint } }) => joint!.p <= ALPHA),
  lastModality: falseAlarm(
    'p of the modality with noise ≤ 0.05',
    ({ diagnosis: { perModality } }) => Object.values(perModality).at(-1)!.p <= ALPHA,
  ),
  corruption: {
    ...falseAlarm(
      'p of the corruption control ≤ 0.05',
      ({ diagnosis: { controls } }) => controls.corruption!.p <= ALPHA,
    ),
    needsControls: true,
  },
  qualityAware: falseAlarm('verdict quality-aware', ({ verdict }) => verdict === 'quality-aware'),
  misleading: falseAlarm('verdict misleading', ({ verdict }) => verdict === 'misleading'),
  equivalence: falseAlarm(
    'gap shown to be too small to matter',
    ({ diagnosis: { equivalence } }) => equivalence.shown,
  ),
  decorative: {
    ...falseAlarm('verdict decorative', ({ verdict }) => verdict === 'decorative'),
    needsControls: true,
  },
  bca: coverage('BCa interval holds the gap', ({ diagnosis: { gap } }) => gap),
  percentile: coverage('percentile interval holds the gap', ({ percentile }) => percentile()),
} as const satisfies Record<string, Claim>;

export type ClaimName = keyof typeof CLAIMS;
