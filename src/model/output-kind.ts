import type { OutputKind } from '../config/gate-config.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import type { Floats } from './decision.ts';

/** How far a row of probabilities may be from 1 in sum. */
const SUM_TOLERANCE = 1e-3;

/**
 * Refuses numbers that are plainly not what the config calls them: taking probabilities for logits, or the reverse, would
 * change every number of the report in silence.
 *
 * @param values [N * width]
 * @param what names the numbers in the error
 * @param stated the user named the kind, so that logits which happen to look like probabilities are believed
 * @param key of the config that says the kind
 */
export function refuseMistakenKind(
  values: Floats,
  width: number,
  kind: OutputKind,
  what: string,
  stated: boolean,
  key = 'kind',
): void {
  if (kind === 'score' || kind === 'value') return;
  const stray = firstStray(values, width);
  if (kind === 'probabilities' && stray !== undefined) {
    throw new ConfigurationError(
      `The ${what} is said to hold probabilities, but ${stray}; if these are logits, say ${key}: logits.`,
    );
  }
  if (kind === 'logits' && stray === undefined && !stated) {
    // An expert whose kind is not stated has that of the output.
    const forAll = key === 'expert-kind' ? ' (for all of them, output-kind: probabilities)' : '';
    throw new ConfigurationError(
      `The ${what} is taken for logits, but every row looks like probabilities (in [0, 1]${width > 1 ? ', summing to 1' : ''}); say ${key}: probabilities${forAll}, or ${key}: logits if they really are.`,
    );
  }
}

/** Whether every row may be probabilities: in [0, 1] and, if wider than 1, summing to 1. */
export function looksLikeProbabilities(values: Floats, width: number): boolean {
  return firstStray(values, width) === undefined;
}

/** The first row that cannot be probabilities, in words; undefined when all can. */
function firstStray(values: Floats, width: number): string | undefined {
  for (let start = 0; start < values.length; start += width) {
    let sum = 0;
    for (let c = 0; c < width; c++) {
      const value = values[start + c];
      if (!(value >= 0 && value <= 1 + SUM_TOLERANCE)) return `evaluated row ${start / width} has ${value}`;
      sum += value;
    }
    if (width > 1 && Math.abs(sum - 1) > SUM_TOLERANCE) {
      return `evaluated row ${start / width} sums to ${Number(sum.toPrecision(6))}`;
    }
  }
  return undefined;
}
