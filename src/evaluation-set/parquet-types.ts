import type { SchemaElement, SchemaTree } from 'hyparquet';

const PHYSICAL = new Map<string | undefined, string>([
  ['BOOLEAN', 'bool'],
  ['INT32', 'int32'],
  ['INT64', 'int64'],
  ['FLOAT', 'float32'],
  ['DOUBLE', 'float64'],
  ['BYTE_ARRAY', 'binary'],
  ['FIXED_LEN_BYTE_ARRAY', 'binary'],
  ['INT96', 'timestamp'],
]);

const CONVERTED = new Map<string | undefined, string>([
  ['UTF8', 'string'],
  ['ENUM', 'string'],
  ...[8, 16, 32, 64].flatMap((bits): [string, string][] => [
    [`INT_${bits}`, `int${bits}`],
    [`UINT_${bits}`, `uint${bits}`],
  ]),
]);

const READABLE = /^(?:list<)*(?:bool|u?int(?:8|16|32|64)|float(?:16|32|64)|string)>*$/;

/** The type of a column in the words of Arrow: `float64`, `list<float32>`, `string`, `struct`, `timestamp`, ... */
export function parquetType(node: SchemaTree): string {
  const { element, children } = node;
  if (children.length === 0) {
    return element.repetition_type === 'REPEATED' ? `repeated ${leafType(element)}` : leafType(element);
  }
  const isList = element.converted_type === 'LIST' || element.logical_type?.type === 'LIST';
  const repeated = children[0];
  if (!isList || children.length > 1 || repeated.element.repetition_type !== 'REPEATED') {
    return (element.logical_type?.type ?? element.converted_type ?? 'struct').toLowerCase();
  }
  // list -> repeated group -> element: the three levels that the format prescribes.
  return repeated.children.length === 1 ? `list<${parquetType(repeated.children[0])}>` : 'list of structs';
}

/** Whether columns of this type are numbers, booleans, text, or lists of them. */
export function isReadable(type: string): boolean {
  return READABLE.test(type);
}

function leafType({ type, converted_type, logical_type }: SchemaElement): string {
  if (logical_type?.type === 'INTEGER')
    return `${logical_type.isSigned ? '' : 'u'}int${logical_type.bitWidth}`;
  if (logical_type?.type === 'STRING' || logical_type?.type === 'ENUM') return 'string';
  const annotation = logical_type?.type ?? converted_type;
  if (annotation === undefined) return PHYSICAL.get(type) ?? 'unknown';
  return CONVERTED.get(annotation) ?? annotation.toLowerCase();
}
