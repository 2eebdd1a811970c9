import type { SliceResult } from '../diagnostic/diagnosis.ts';
import type { GateReport } from './gate-report.ts';

/** A slice in which the gap was measured. */
export type MeasuredSlice = SliceResult & { readonly found: NonNullable<SliceResult['found']> };

/** The slices of a gate that were measured, the smallest gap first. */
export function measuredSlices({ slices = [] }: GateReport): MeasuredSlice[] {
  return slices.filter(isMeasured).toSorted((a, b) => a.found.gap.value - b.found.gap.value);
}

/** What is left out, by why. */
export function slicesLeftOut({ slices = [] }: GateReport): [why: string, slices: SliceResult[]][] {
  return Object.entries(LEFT_OUT).flatMap(([why, words]): [string, SliceResult[]][] => {
    const left = slices.filter(({ leftOut }) => leftOut === why);
    return left.length === 0 ? [] : [[words, left]];
  });
}

const LEFT_OUT: Readonly<Record<NonNullable<SliceResult['leftOut']>, string>> = {
  'too few examples': 'too few examples',
  'a single cluster': 'whose examples all hang together',
  'metric not defined': 'where the metric is not defined',
};

/** `site = north` */
export function sliceName({ column, value }: Pick<SliceResult, 'column' | 'value'>): string {
  return `${column} = ${value}`;
}

/** Which shuffles the gaps of slices come from, and what that means for them. */
export function sliceNote({ broken, exchange, acrossFolds, evaluationSet }: GateReport): string {
  const within = exchange?.within ?? [];
  const all = evaluationSet.presence
    ? 'among evaluated rows on which their modality is present'
    : 'among all evaluated rows';
  const among = within.length === 0 ? all : `within each ${within.join(' and ')}`;
  const where = exchange?.moved === 'blocks' ? 'of whole blocks' : among;
  const shuffles = broken.scheme === 'bank' ? 'those of the bank' : `those of the gate, ${where}`;
  const folds =
    acrossFolds === null
      ? ''
      : acrossFolds.repeats === 1
        ? ' A slice is measured over all folds at once.'
        : ' A slice is measured over all folds of a repeat at once, and its metric is the mean over repeats.';
  return `The shuffles are ${shuffles}: a gap in a slice may also come from its scores being higher or lower as a whole than those of other slices. p is corrected for the number of slices (Holm).${folds}`;
}

function isMeasured(slice: SliceResult): slice is MeasuredSlice {
  return slice.found !== null;
}
