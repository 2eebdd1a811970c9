import type { Reliability } from '../model/frozen-fusion.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Structure } from './examples.ts';
import { exchangeUnits, unmovedGroups, type Exchange } from './exchange.ts';
import type { Groups } from './groups.ts';
import { exchangeFor, isPartial, zeroWhereAbsent, type Presentable } from './presence.ts';

type ExchangeFacts = NonNullable<Diagnosis['exchange']>;

/** What changes places in a shuffle, and with whom; undefined where every row may with every other. */
export function exchangeFacts(
  reliability: Reliability,
  rows: number,
  { within, whole, withinWhat = [] }: Structure,
  scheme: Scheme,
): ExchangeFacts | undefined {
  if (within === undefined && whole === undefined) return undefined;
  const units = exchangeUnits(rows, { within, whole });
  const states = unitStates(reliability, rows, { within, whole, scheme });
  const groups = membersOf(units.among).filter((group) => group.length > 0);
  const isStill = (unit: number): boolean => states.every(({ still }) => still[unit] === 1);
  const isAlone = (unit: number): boolean => states.every(({ alone }) => alone[unit] === 1);
  return {
    within: withinWhat,
    moved: whole === undefined ? 'rows' : 'blocks',
    units: units.groupOf.length,
    groups: groups.length,
    alone: Array.from(units.groupOf.keys()).filter(isAlone).length,
    unchanged: groups.filter((group) => !group.every(isAlone) && group.every(isStill)).length,
  };
}

/** Rows, or blocks of them as wholes, that nothing can change places with, whichever scores are shuffled: the first row of each. */
export function aloneRows(
  reliability: readonly Presentable[],
  rows: number,
  exchange: Exchange & { readonly scheme: Scheme },
): number[] {
  const { members, groupOf } = exchangeUnits(rows, exchange);
  const asked = isPartial(reliability) ? reliability : reliability.slice(0, 1);
  const alone = asked.map((_, m) => loneUnits(reliability, m, rows, exchange));
  return Array.from(groupOf.keys())
    .filter((unit) => alone.every((ofModality) => ofModality[unit] === 1))
    .map((unit) => members.rows[members.starts[unit]]);
}

type Scheme = 'independent' | 'joint';

/** By modality, the units that have none to change places with, and those whose places no shuffle gives other scores [U]. */
function unitStates(
  reliability: Reliability,
  rows: number,
  exchange: Exchange & { readonly scheme: Scheme },
): { readonly alone: Uint8Array; readonly still: Uint8Array }[] {
  return reliability.map((scores, m) => {
    const units = exchangeUnits(rows, exchangeFor(reliability, m, exchange));
    const values = zeroWhereAbsent(scores.values, scores, scores.width);
    const unmoved = unmovedGroups({ width: scores.width, values }, units);
    return {
      alone: loneUnits(reliability, m, rows, exchange),
      still: Uint8Array.from(units.groupOf, (group) => Number(unmoved[group])),
    };
  });
}

/** 1 for units whose scores of one modality have none to change places with, or which have none [U]. */
function loneUnits(
  all: readonly Presentable[],
  m: number,
  rows: number,
  exchange: Exchange & { readonly scheme: Scheme },
): Uint8Array {
  const { members, groupOf, among } = exchangeUnits(rows, exchangeFor(all, m, exchange));
  const { present } = all[m];
  const isAbsent = (unit: number): boolean =>
    present !== undefined &&
    members.rows.subarray(members.starts[unit], members.starts[unit + 1]).every((row) => present[row] === 0);
  return Uint8Array.from(groupOf, (group, unit) =>
    Number(among.starts[group + 1] - among.starts[group] === 1 || isAbsent(unit)),
  );
}

function membersOf({ rows, starts }: Groups): Uint32Array[] {
  return Array.from({ length: starts.length - 1 }, (_, group) =>
    rows.subarray(starts[group], starts[group + 1]),
  );
}

/** Whether no shuffle changes the scores of one modality. */
export function isUnmoved(
  reliability: Reliability,
  m: number,
  exchange: Exchange & { readonly scheme: Scheme },
): boolean {
  const { width, values, present } = reliability[m];
  const units = exchangeUnits(values.length / width, exchangeFor(reliability, m, exchange));
  return unmovedGroups({ width, values: zeroWhereAbsent(values, { present }, width) }, units).every(Boolean);
}

/** Why no shuffle changes any score, as the end of a sentence. */
export function whyNothingMoves(
  exchange: ExchangeFacts | undefined,
  reliability: readonly Presentable[] = [],
): string {
  if (isPartial(reliability)) {
    return 'no shuffle among evaluated rows on which the same is present changes any reliability score';
  }
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
