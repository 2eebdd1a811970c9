import type { Rate } from './rate.ts';

/** Why a rate is not what it should be: the first whose words are all in what was asked. */
const REASONS: readonly { readonly of: readonly string[]; readonly reason: string }[] = [];

export function reasonFor({ data, what }: Rate): string {
  const asked = `${data}: ${what}`;
  const known = REASONS.find(({ of }) => of.every((words) => asked.includes(words)));
  return known?.reason ?? 'The reason is not known.';
}
