import { enumerate } from '../../foundation/errors.ts';
import type { TensorInfo } from '../loaded-model.ts';

/** `x_audio [N, 16] float32`; a free size is N on the first axis and ? elsewhere. */
export function describeTensor({ name, shape, dtype }: TensorInfo): string {
  const sizes = shape?.map((size, axis) => String(size ?? (axis === 0 ? 'N' : '?')));
  return `${name} ${sizes === undefined ? '(shape not stated)' : `[${sizes.join(', ')}]`} ${dtype}`;
}

export function describeTensors(tensors: readonly TensorInfo[]): string {
  return enumerate(tensors.map(describeTensor));
}

export function shapeText(shape: readonly (number | string)[]): string {
  return `[${shape.join(', ')}]`;
}
