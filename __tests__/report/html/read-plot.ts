/** Reads a plot as a person with a ruler does: from its ticks and the places of its marks. */

export interface Ruler {
  /** The value at a coordinate, by the first and the last tick of the axis. */
  readonly x: (pixel: number) => number;
  readonly y: (pixel: number) => number;
}

const TICK = /<path class="grid" d="M([\d.]+) ([\d.]+)([VH])[\d.]+"\/><text[^>]*>([^<]*)<\/text>/g;

export function rulerOf(svg: string): Ruler {
  const ticks = [...svg.matchAll(TICK)].map(([, x, y, direction, label]) => ({
    direction,
    at: Number(direction === 'V' ? x : y),
    value: Number(label.replace('−', '-').replaceAll(',', '')),
  }));
  const axis = (direction: string): ((pixel: number) => number) => {
    const own = ticks.filter((tick) => tick.direction === direction);
    const [first, last] = [own[0], own[own.length - 1]];
    return (pixel) => first.value + ((pixel - first.at) / (last.at - first.at)) * (last.value - first.value);
  };
  return { x: axis('V'), y: axis('H') };
}

/** The centres of dots with this class, in the order in which they are drawn. */
export function dotsOf(svg: string, look: string): [number, number][] {
  return [...svg.matchAll(new RegExp(`<circle class="dot ${look}" cx="([\\d.]+)" cy="([\\d.]+)"`, 'g'))].map(
    ([, x, y]) => [Number(x), Number(y)],
  );
}

/** Where vertical lines with this class stand. */
export function linesOf(svg: string, look: string): number[] {
  return [...svg.matchAll(new RegExp(`<path class="line ${look}" d="M([\\d.]+) [\\d.]+V`, 'g'))].map(
    ([, x]) => Number(x),
  );
}
