import type { NumericArray } from '../../evaluation-set/evaluation-set.ts';
import type { Feed } from '../loaded-model.ts';

/**
 * The examples of a feed over and over, `times` times.
 *
 * @param rows how many they are
 * @returns the feed itself where none of its first two axes runs over examples
 */
export function tile(feed: Feed, rows: number, times: number): Feed {
  const { shape, values } = feed;
  const axis = shape.slice(0, 2).indexOf(rows);
  if (axis === -1) return feed;
  const outer = shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const block = values.length / outer;
  const tiled = new (values.constructor as new (length: number) => NumericArray)(values.length * times);
  for (let o = 0; o < outer; o++) {
    const own = values.subarray(o * block, (o + 1) * block);
    for (let j = 0; j < times; j++) tiled.set(own, (o * times + j) * block);
  }
  return { shape: shape.with(axis, rows * times), values: tiled };
}
