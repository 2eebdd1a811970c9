import type { Reliability } from '../model/frozen-fusion.ts';
import { shuffledScores, type BrokenScores, type ShuffleSource } from './broken-scores.ts';
import { exchangeUnits, groupOfRows, moveUnit, type Exchange } from './exchange.ts';
import { keepAbsent } from './presence.ts';

/**
 * How many units each row may get its scores from, its own among them [N]: rows of its group, or blocks that change places
 * with its own.
 *
 * @param rows how many there are, N
 */
export function peersOf(rows: number, exchange: Exchange): Uint32Array {
  const units = exchangeUnits(rows, exchange);
  const { starts } = units.among;
  return Uint32Array.from(groupOfRows(units), (group) => starts[group + 1] - starts[group]);
}

/**
 * Scores that go round within their groups: in rotation r the unit at place p of a group of n has the scores of the one at
 * place (p + r) mod n. So in rotations 0 to n - 1 each row of the group gets the scores of each of its peers once, as it
 * does, in the long run, in shuffles: all N x N pairs of an example and a row of scores, in no more than N replays.
 *
 * There are as many rotations as the largest group has units. Of those beyond its own n, a row counts none. Where a score is
 * absent it stays as it is.
 *
 * @param exchange of the modalities that go round, with their pattern of presence
 */
export function rotatedScores(
  clean: Reliability,
  modalities: readonly string[],
  { within, whole, pattern }: Exchange,
): BrokenScores {
  const rows = clean[0].values.length / clean[0].width;
  const exchange = { within, whole, pattern };
  const { members, among } = exchangeUnits(rows, exchange);
  const order = new Uint32Array(rows);
  const turn = (r: number): void => {
    for (let group = 0; group + 1 < among.starts.length; group++) {
      const units = among.rows.subarray(among.starts[group], among.starts[group + 1]);
      units.forEach((unit, place) => {
        moveUnit(members, units[(place + r) % units.length], unit, (source, target) => {
          order[target] = source;
        });
      });
    }
  };
  const turned = clean.map(({ values }) => new Float64Array(values.length));
  const draw: BrokenScores['draw'] = (r, only) => {
    turn(r);
    return clean.map((scores, m) => {
      if (only !== undefined && only !== m) return scores;
      const { width, values, present } = scores;
      for (let i = 0; i < rows; i++) {
        for (let d = 0; d < width; d++) turned[m][i * width + d] = values[order[i] * width + d];
      }
      keepAbsent(values, turned[m], scores, width);
      return { width, values: turned[m], ...(present && { present }) };
    });
  };
  const count = peersOf(rows, exchange).reduce((most, peers) => Math.max(most, peers), 0);
  const plan = { scheme: 'joint', count, seed: 0, stream: 'rotations', ...exchange } as const;
  return { scheme: 'joint', count, draw, source: { clean, modalities, plan, isRotated: true } };
}

/** The same draws as those of which this is the source. */
export function scoresFrom({ clean, modalities, plan, isRotated }: ShuffleSource): BrokenScores {
  return isRotated ? rotatedScores(clean, modalities, plan) : shuffledScores(clean, modalities, plan);
}
