import type { Floats } from './decision.ts';

/** The rows `source[i]` of an output [N * width], in place of its own. */
export function takeOutputRows<Output extends { readonly values: Floats; readonly width: number }>(
  output: Output,
  source: Uint32Array,
): Output {
  const { values, width } = output;
  const taken = new (values.constructor as new (length: number) => Floats)(values.length);
  source.forEach((row, i) => {
    taken.set(values.subarray(row * width, (row + 1) * width), i * width);
  });
  return { ...output, values: taken };
}
