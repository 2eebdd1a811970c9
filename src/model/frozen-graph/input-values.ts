import type { EvaluatedRows } from '../../evaluation-set/evaluated-rows.ts';
import type { NumericArray } from '../../evaluation-set/evaluation-set.ts';
import { ConfigurationError } from '../../foundation/errors.ts';
import type { TensorInfo } from '../loaded-model.ts';

/** What an input of some dtype can take. */
interface Domain {
  readonly low: number;
  readonly high: number;
  /** Whole numbers only: a fraction would be cut off in silence. */
  readonly whole: boolean;
  /** What engines take without another copy; undefined where they convert anyway. */
  readonly array?: new (values: ArrayLike<number>) => NumericArray;
}

const whole = (low: number, high: number, array?: Domain['array']): Domain => ({
  low,
  high,
  whole: true,
  array,
});
const real = (size: number, array?: Domain['array']): Domain => ({
  low: -size,
  high: size,
  whole: false,
  array,
});

const DOMAINS = new Map<string, Domain>([
  ['float64', real(Number.MAX_VALUE, Float64Array)],
  ['float32', real(3.4028234663852886e38, Float32Array)],
  ['float16', real(65504)],
  ['bool', whole(0, 1, Uint8Array)],
  ['int8', whole(-(2 ** 7), 2 ** 7 - 1, Int8Array)],
  ['uint8', whole(0, 2 ** 8 - 1, Uint8Array)],
  ['int16', whole(-(2 ** 15), 2 ** 15 - 1, Int16Array)],
  ['uint16', whole(0, 2 ** 16 - 1, Uint16Array)],
  ['int32', whole(-(2 ** 31), 2 ** 31 - 1, Int32Array)],
  ['uint32', whole(0, 2 ** 32 - 1, Uint32Array)],
  ['int64', whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)],
  ['uint64', whole(0, Number.MAX_SAFE_INTEGER)],
]);

/**
 * The values of a column as an input takes them.
 *
 * @throws ConfigurationError when the input takes no numbers, or one of these would become another number
 */
export function inputValues(
  values: NumericArray,
  info: TensorInfo,
  column: string,
  { set, rows, nameRow }: EvaluatedRows,
): NumericArray {
  const { low, high, whole: isWhole, array } = domainOf(info);
  const at = values.findIndex(
    (value) => value < low || value > high || (isWhole && !Number.isInteger(value)),
  );
  if (at !== -1) {
    const row = nameRow(Math.floor((at * rows.length) / values.length));
    throw new ConfigurationError(
      `The column "${column}" of "${set.path}" is ${values[at]} in ${row}; the model's input "${info.name}" is ${info.dtype} and takes ${isWhole ? 'whole ' : ''}numbers from ${low} to ${high}.`,
    );
  }
  return array === undefined || values instanceof array ? values : new array(values);
}

/**
 * Refuses score inputs of whole numbers: No-Q and the positive controls feed numbers in between.
 *
 * @throws ConfigurationError
 */
export function refuseWholeScores(info: TensorInfo): void {
  if (!domainOf(info).whole) return;
  throw new ConfigurationError(
    `The model's reliability input "${info.name}" is ${info.dtype}, but the gate also feeds it means of scores; make it a float input and cast inside the model.`,
  );
}

function domainOf({ name, dtype }: TensorInfo): Domain {
  const domain = DOMAINS.get(dtype);
  if (domain !== undefined) return domain;
  throw new ConfigurationError(
    `The model's input "${name}" is ${dtype}; only numbers can be fed. Move what makes numbers of it out of the model, into the evaluation set.`,
  );
}
