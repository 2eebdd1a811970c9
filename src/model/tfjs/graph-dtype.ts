import type { WrittenNode } from './graph-nodes.ts';

/** Operators that compare, whatever they compare. */
const TRUTHS =
  /^(Equal|NotEqual|Greater|GreaterEqual|Less|LessEqual|Logical(And|Or|Not|Xor)|All|Any|IsNan|IsInf|IsFinite)$/;
/** Operators whose result is a number of places, or a place. */
const COUNTS = /^(Shape|ShapeN|Size|Rank|ArgMax|ArgMin|Where)$/;

/** Attributes that tell what a node gives, the most telling first. */
const TELLING = ['DstT', 'out_type', 'output_type', 'Tparams', 'dtype', 'T'];

/** `DataType` of TensorFlow, by name and by number, as the library computes with it. */
const DTYPES = new Map<string | number, string>([
  ...['DT_INT8', 'DT_UINT8', 'DT_INT16', 'DT_INT32', 'DT_INT64', 3, 4, 5, 6, 9].map(
    (type) => [type, 'int32'] as const,
  ),
  ...['DT_BOOL', 10].map((type) => [type, 'bool'] as const),
  ...['DT_STRING', 7].map((type) => [type, 'string'] as const),
]);

/** The dtype of a node's first output, as far as the file tells: most are floats. */
export function dtypeOf({ op, attr = {} }: WrittenNode): string {
  if (TRUTHS.test(op)) return 'bool';
  if (COUNTS.test(op)) return 'int32';
  const type = TELLING.map((name) => attr[name]?.type).find((it) => it !== undefined);
  return (type === undefined ? undefined : DTYPES.get(type)) ?? 'float32';
}
