/**
 * An array that was written with its first axis fastest (Fortran order), with its last axis fastest (C order).
 *
 * @param values in Fortran order; the product of `shape` of them
 * @returns a new array of the same kind
 */
export function fromFortranOrder<T extends ArrayLike<unknown> & { slice(): T }>(
  values: T,
  shape: readonly number[],
): T {
  const result = values.slice();
  const target = result as Record<number, unknown>;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < values.length; to++) {
    target[to] = values[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}
