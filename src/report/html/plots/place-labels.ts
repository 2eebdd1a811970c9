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

const GAP = 6;

/**
 * Gives each flag a row of its own so that as few words as can be are crossed by another's line, and none leaves the plot.
 * All arrangements are tried: there are few flags, and the best of few hundred is found sooner than a rule is explained.
 *
 * @param flags at most five
 */
export function placeLabels(flags: readonly Flag[], [left, right]: readonly [number, number]): Placed[] {
  let best: Placed[] = [];
  let least = Infinity;
  for (const rows of orders(flags.length)) {
    for (let sides = 0; sides < 2 ** flags.length; sides++) {
      const placed = rows.map((row, i): Placed => ({ row, side: (sides >> i) & 1 ? 'left' : 'right' }));
      const trouble = troubleOf(flags, placed, left, right);
      if (trouble >= least) continue;
      [best, least] = [placed, trouble];
    }
  }
  return best;
}

/** Words outside the plot weigh more than words that are crossed. */
function troubleOf(flags: readonly Flag[], placed: readonly Placed[], left: number, right: number): number {
  let trouble = 0;
  flags.forEach((flag, i) => {
    const [from, to] = extent(flag, placed[i]);
    if (from < left || to > right) trouble += 100;
    flags.forEach(({ x }, other) => {
      // A line ends at its own words, so only those that go higher can cross others.
      if (other !== i && placed[other].row < placed[i].row && x > from - GAP && x < to + GAP) trouble += 1;
    });
  });
  return trouble;
}

function extent({ x, text }: Flag, { side }: Placed): [number, number] {
  const width = textWidth(text) + GAP;
  return side === 'right' ? [x, x + width] : [x - width, x];
}

/** All orders of 0 ... count - 1. */
function orders(count: number): number[][] {
  if (count === 0) return [[]];
  return orders(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, at) => order.toSpliced(at, 0, count - 1)),
  );
}
