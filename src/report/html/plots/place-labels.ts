import { textWidth } from './canvas.ts';

/** A vertical line with words at its upper end. */
export interface Flag {
  readonly x: number;
  readonly text: string;
}

/** Where the words stand: in which row from above, and on which side of their line. */
export interface Placed {
  readonly row: number;
  readonly side: 'left' | 'right';
}

/** Between a line and its own words. */
const GAP = 6;
/** Between words and what else is there. */
const MARGIN = 2;
/** Words outside the plot are worse than words upon words, those worse than words that a line crosses, and that than a row more. */
const COSTS = { outside: 1000, covered: 100, crossed: 10, row: 1 };

/**
 * Gives the words of each flag a row and a side so that they can be read, in as few rows as that takes.
 * All arrangements are tried: of the four flags that a plot has, they are four thousand.
 *
 * @param flags at most five
 */
export function placeLabels(flags: readonly Flag[], [left, right]: readonly [number, number]): Placed[] {
  const choices = 2 * flags.length;
  let best: Placed[] = [];
  let least = Infinity;
  for (let arrangement = 0; arrangement < choices ** flags.length; arrangement++) {
    const placed = flags.map((_, i): Placed => {
      const choice = Math.floor(arrangement / choices ** i) % choices;
      return { row: choice >> 1, side: choice % 2 === 0 ? 'right' : 'left' };
    });
    const cost = costOf(flags, placed, left, right);
    if (cost >= least) continue;
    [best, least] = [placed, cost];
  }
  return best;
}

function costOf(flags: readonly Flag[], placed: readonly Placed[], left: number, right: number): number {
  const extents = flags.map((flag, i) => extentOf(flag, placed[i]));
  let cost = COSTS.row * Math.max(...placed.map(({ row }) => row));
  extents.forEach(([from, to], i) => {
    if (from < left || to > right) cost += COSTS.outside;
    flags.forEach(({ x }, other) => {
      if (other === i || placed[other].row > placed[i].row) return;
      // A line ends at its own words: one whose words stand lower crosses nothing here.
      if (x > from - MARGIN && x < to + MARGIN) cost += COSTS.crossed;
      const [otherFrom, otherTo] = extents[other];
      const sharesRow = placed[other].row === placed[i].row;
      if (sharesRow && from < otherTo + MARGIN && otherFrom < to + MARGIN) cost += COSTS.covered;
    });
  });
  return cost;
}

function extentOf({ x, text }: Flag, { side }: Placed): [number, number] {
  const reach = GAP + textWidth(text);
  return side === 'right' ? [x + GAP, x + reach] : [x - reach, x - GAP];
}
