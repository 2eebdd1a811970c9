import type { Rate } from './rate.ts';

/** Why a rate is not what it should be: the first whose words are all in what was asked. */
const REASONS: readonly { readonly of: readonly string[]; readonly reason: string }[] = [
  {
    of: ['5 % of one class, N = 200', 'interval holds the gap'],
    reason:
      'The rarer class has about ten examples, and a bootstrap of ten knows too little of how they differ; the same with 1,000 examples is above.',
  },
  {
    of: ['2 % of the examples', 'interval holds the gap'],
    reason:
      'The gap hangs on about eight examples, and a bootstrap of eight knows too little of how they differ.',
  },
  {
    of: ['a gap as large as the detectable one passes'],
    reason:
      'Likely because a pass needs joint shuffles to show the gap too, which the prediction leaves out; errors are taken for normal besides. To be settled.',
  },
  {
    of: ['shown to be too small'],
    reason:
      'Likely because the standard error that the number rests on is an estimate, and the number is least where it came out too small. To be settled.',
  },
];

export function reasonFor({ data, what }: Rate): string {
  const asked = `${data}: ${what}`;
  const known = REASONS.find(({ of }) => of.every((words) => asked.includes(words)));
  return known?.reason ?? 'The reason is not known.';
}
