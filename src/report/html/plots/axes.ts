import { type ScaleLinear, scaleLinear } from 'd3-scale';

import { type Markup, markup } from '../markup.ts';
import { type Area, px } from './canvas.ts';

export type Scale = ScaleLinear<number, number>;

export interface AxisOptions {
  readonly label: string;
  /** About how many ticks. */
  readonly ticks?: number;
}

/**
 * A scale that shows all values, with a little air on both sides.
 *
 * @param values finite; at least one
 * @param smallest extent of the axis where the values lie closer together: an axis without extent shows nothing
 */
export function spanning(
  values: readonly number[],
  [from, to]: readonly [number, number],
  smallest: number,
): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const missing = Math.max(0, smallest - (high - low)) / 2;
  const air = 0.04 * Math.max(high - low, smallest);
  return scaleLinear([low - missing - air, high + missing + air], [from, to]);
}

/** The axis below the plot, with faint lines up to its top. */
export function axisBelow(
  scale: Scale,
  { left, right, top, bottom }: Area,
  { label, ticks = 6 }: AxisOptions,
): Markup {
  const format = scale.tickFormat(ticks);
  return markup`<g>${scale.ticks(ticks).map((tick) => {
    const x = px(scale(tick));
    return markup`<path class="grid" d="M${x} ${top}V${bottom}"/><text class="soft" x="${x}" y="${bottom + 17}" text-anchor="middle">${format(tick)}</text>`;
  })}<path class="axis" d="M${left} ${bottom}H${right}"/><text class="soft" x="${px((left + right) / 2)}" y="${bottom + 36}" text-anchor="middle">${label}</text></g>`;
}

/** The axis on the left, with faint lines across the plot; its label stands above it, where it can be read. */
export function axisLeft(
  scale: Scale,
  { left, right, top }: Area,
  { label, ticks = 5 }: AxisOptions,
): Markup {
  const format = scale.tickFormat(ticks);
  return markup`<g>${scale.ticks(ticks).map((tick) => {
    const y = px(scale(tick));
    return markup`<path class="grid" d="M${left} ${y}H${right}"/><text class="soft" x="${left - 8}" y="${px(y + 4)}" text-anchor="end">${format(tick)}</text>`;
  })}<text class="soft" x="2" y="${top - 12}">${label}</text></g>`;
}
