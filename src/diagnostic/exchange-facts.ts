import type { ModalityScores, Reliability } from '../model/frozen-fusion.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Examples } from './examples.ts';
import { exchangeUnits, unmovedGroups, type Exchange } from './exchange.ts';

type ExchangeFacts = NonNullable<Diagnosis['exchange']>;

/** What changes places in a shuffle, and with whom; undefined where every row may with every other. */
export function exchangeFacts(
  reliability: Reliability,
  { labels, within, whole, withinWhat = [] }: Examples,
): ExchangeFacts | undefined {
  if (within === undefined && whole === undefined) return undefined;
  const units = exchangeUnits(labels.length, { within, whole });
  const { starts } = units.among;
  const sizes = Array.from(starts.subarray(1), (end, group) => end - starts[group]);
  const unmoved = reliability.map((scores) => unmovedGroups(scores, units));
  return {
    within: withinWhat,
    moved: whole === undefined ? 'rows' : 'blocks',
    units: units.groupOf.length,
    groups: sizes.filter((size) => size > 0).length,
    alone: sizes.filter((size) => size === 1).length,
    unchanged: sizes.filter((size, group) => size > 1 && unmoved.every((groups) => groups[group])).length,
  };
}

/** Whether no shuffle changes these scores. */
export function isUnmoved(scores: ModalityScores, exchange: Exchange): boolean {
  const units = exchangeUnits(scores.values.length / scores.width, exchange);
  return unmovedGroups(scores, units).every(Boolean);
}

/** Why no shuffle changes any score, as the end of a sentence. */
export function whyNothingMoves(exchange: ExchangeFacts | undefined): string {
  if (exchange === undefined) {
    return 'every reliability score is the same on all evaluated rows, so that shuffling changes nothing';
  }
  const { within, moved, units, alone } = exchange;
  const groups = within.length === 0 ? 'group' : within.join(' and ');
  if (moved === 'blocks') {
    return alone === units
      ? 'every block has a number of rows of its own, so that no two can change places'
      : 'all blocks with the same number of rows have the same scores, so that shuffling changes nothing';
  }
  return alone === units
    ? `shuffles stay within each ${groups}, and each has a single evaluated row: no score can change its place`
    : `shuffles stay within each ${groups}, and every reliability score is the same on all rows of one: shuffling changes nothing`;
}
