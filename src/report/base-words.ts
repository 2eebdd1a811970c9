import { isMissing, type BaseCommit, type BaseReport, type FoundBase } from './base-report.ts';
import { gap, interval, percent } from './numbers.ts';

/** `main at 1234567`, or the commit alone. */
export function baseName({ ref, sha }: Partial<BaseCommit>): string {
  if (sha === undefined) return ref ?? '';
  const short = sha.slice(0, 7);
  return ref === undefined || ref === '' || sha.startsWith(ref) ? short : `${ref} at ${short}`;
}

/** What became of the gap since the base, or why that is not known. */
export function baseSentence(base: BaseReport): string {
  if (isMissing(base)) {
    const which = baseName(base);
    return `There is no baseline${which === '' ? '' : ` (${which})`}. ${base.missing}`;
  }
  if (base.source === 'same') {
    return `Model, evaluation set and config are those of the base (${baseName(base)}), and so is the gap.`;
  }
  const why = base.why === undefined ? '' : ` It was not judged itself: ${base.why}`;
  return `${moved(base)} ${counted(base)}${why}`;
}

/** What the reader should know of how the two were compared. */
const HOW = {
  judged: '',
  same: '',
  apart: '; other examples, so the two are compared apart',
  weighted: '; other examples or weights, so the two are compared apart',
  history: '; from its record in the history, so the two are compared apart',
};

function moved(base: FoundBase): string {
  const { value, lower, upper, confidence, threshold } = base.change;
  const way = value < 0 ? 'fell' : 'rose';
  const size =
    value === 0 ? 'is what it was' : `${way} by ${gap(Math.abs(value), threshold).replace(/^\+/, '')}`;
  const band = `${percent(confidence)} interval of the change ${interval(lower, upper, -threshold)}`;
  return `Since the base (${baseName(base)}) the gap ${size} (${band}${HOW[howOf(base)]}).`;
}

function howOf({ source, change, evaluationSet }: FoundBase): keyof typeof HOW {
  if (source !== 'judged' || change.paired) return source;
  return evaluationSet.weight === undefined ? 'apart' : 'weighted';
}

function counted({ change: { regressed, upper, threshold, value, fails } }: FoundBase): string {
  if (regressed) {
    return `That is more than the ${threshold} that it may fall${fails ? '' : ', which fails nothing without "fail-on-regression"'}.`;
  }
  if (value < -threshold && upper >= -threshold)
    return `A fall of more than ${threshold} is not shown: chance may do it.`;
  return `A fall of more than ${threshold} is not shown.`;
}
