import { closest, distance } from 'fastest-levenshtein';

/** Of a name that stands in a sentence. */
const MOST_LETTERS = 300;

/**
 * A mistake that the user can mend: in the config, the data, the model or the workflow.
 *
 * The message is all that is shown. It names the file, key, tensor or column, what was found, what is allowed, the
 * nearest match where there is one, and how to mend it. Anything else that is thrown is a bug of this program.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** A model gives what is no number. Whoever asked it something of their own accord, with scores that are not the user's, may go on. */
export class NotFiniteError extends ConfigurationError {}

/** The candidate that `word` was probably meant to be, or undefined when none is close enough to be a slip. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const folded = candidates.find((candidate) => candidate.toLowerCase() === word.toLowerCase());
  if (folded !== undefined) return folded;
  const best = closest(word, candidates);
  const length = Math.max(word.length, best.length);
  return distance(word, best) <= mostSlips(length) ? best : undefined;
}

/** Two swapped letters are two slips. A word of one letter is a single slip away from every other one, so it has none. */
function mostSlips(length: number): number {
  if (length < 5) return length === 1 ? 0 : 1;
  return Math.max(2, Math.floor(length / 3));
}

/** ` Did you mean "x"?`, or nothing: to be put behind a sentence that says what was not found. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const match = nearest(word, candidates);
  return match === undefined ? '' : ` Did you mean "${shortened(match)}"?`;
}

/** `a, b and c`; a list longer than `most` names the first ones and counts the rest. */
export function enumerate(words: readonly string[], most = 20): string {
  const first = words.slice(0, most).map(shortened);
  const shown = words.length > most ? [...first, `${words.length - most} more`] : first;
  const last = shown.pop();
  if (last === undefined) return 'none';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

/** A name in a hostile file may have millions of letters. */
function shortened(word: string): string {
  return word.length > MOST_LETTERS ? `${word.slice(0, MOST_LETTERS)}…` : word;
}
