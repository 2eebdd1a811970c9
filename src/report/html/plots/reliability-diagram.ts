import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';

import { type Markup, markup } from '../markup.ts';
import { metric, quantity } from '../../numbers.ts';
import { axisBelow, axisLeft, type Scale } from './axes.ts';
import { type Area, canvas, px, tipped } from './canvas.ts';

/** Examples whose score lies between `lower` and `upper`. */
export interface ScoreBin {
  readonly lower: number;
  readonly upper: number;
  /** Mean score of the bin; null where it is empty. */
  readonly meanScore: number | null;
  /** Share of the bin that is predicted right; null where it is empty. */
  readonly accuracy: number | null;
  /** Number of examples. */
  readonly count: number;
  /** Of the share; left out, or null, where it is not known. */
  readonly interval?: { readonly lower: number; readonly upper: number } | null;
}

/** The bins of one score from its lowest to its highest; at least one. */
export interface ReliabilityDiagram {
  /** Whose score it is. */
  readonly label: string;
  readonly bins: readonly ScoreBin[];
  /**
   * Where a calibrated score would lie: a probability of being right rises, one of being wrong falls, and the axis is that of
   * probabilities. Null: the score only ranks. Default: it rises where the bins reach from 0 to 1.
   */
  readonly calibrated?: 'rising' | 'falling' | null;
}

interface Point {
  readonly bin: ScoreBin;
  readonly score: number;
  readonly accuracy: number;
}

const AREA: Area = { left: 44, right: 364, top: 34, bottom: 304 };
const FOOT = 34;
const LARGEST_DOT = 11;

/**
 * How often what a score trusts is right. The area of a dot is the number of its examples; a score between 0 and 1 that
 * means a probability would follow the diagonal.
 */
export function reliabilityDiagram({ label, bins, calibrated }: ReliabilityDiagram): Markup {
  const ends = [bins[0].lower, bins[bins.length - 1].upper];
  const guide = calibrated === undefined && ends[0] === 0 && ends[1] === 1 ? 'rising' : (calibrated ?? null);
  const [low, high] = guide === null ? ends : [0, 1];
  const x = scaleLinear([low, high], [AREA.left, AREA.right]);
  const y = scaleLinear([0, 1], [AREA.bottom, AREA.top]);
  const points = bins.flatMap((bin): Point[] =>
    bin.meanScore === null || bin.accuracy === null
      ? []
      : [{ bin, score: bin.meanScore, accuracy: bin.accuracy }],
  );
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const path = line<Point>()
    .x(({ score }) => x(score))
    .y(({ accuracy }) => y(accuracy))
    .digits(2)(points);
  const words = {
    title: `Reliability diagram of ${label}`,
    description: `Share right by the height of the score, in ${bins.length} bins`,
  };
  return canvas(AREA.bottom + 12 + FOOT, words, [
    axisLeft(y, AREA, { label: 'share right' }),
    axisBelow(x, AREA, { label: `score of ${label}` }),
    guide === null ? null : diagonal(x, y, guide),
    markup`<path class="line clean" d="${path ?? ''}"/>`,
    points.map(({ bin, score }) => whisker(bin, score, x, y)),
    points.map((point) => dot(point, x, y, LARGEST_DOT * Math.sqrt(point.bin.count / most))),
  ]);
}

function diagonal(x: Scale, y: Scale, how: 'rising' | 'falling'): Markup {
  const [from, to] = how === 'rising' ? [0, 1] : [1, 0];
  return markup`<path class="line quiet dashed" d="M${x(0)} ${y(from)}L${x(1)} ${y(to)}"/><text class="soft halo" x="${px(x(1) + 6)}" y="${px(y(to) + 4)}">calibrated</text>`;
}

function whisker({ interval }: ScoreBin, score: number, x: Scale, y: Scale): Markup | null {
  if (interval === undefined || interval === null) return null;
  return markup`<path class="line clean thin" d="M${px(x(score))} ${px(y(interval.lower))}V${px(y(interval.upper))}"/>`;
}

function dot({ bin, score, accuracy }: Point, x: Scale, y: Scale, radius: number): Markup {
  return tipped(
    `${metric(bin.lower)} to ${metric(bin.upper)}: ${metric(accuracy)} right of ${quantity(bin.count)}, mean score ${metric(score)}`,
    markup`<circle class="dot clean" cx="${px(x(score))}" cy="${px(y(accuracy))}" r="${px(Math.max(3, radius))}"/>`,
  );
}
