import { ConfigurationError } from '../foundation/errors.ts';
import { quoted } from './wording.ts';

/** What all nonempty fields of a CSV column are. */
export type CellKind = 'number' | 'bool' | 'list' | 'text';

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_FINITE = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['infinity', Infinity],
]);
const BOOLEANS = new Map([
  ['true', true],
  ['false', false],
]);

/** The first kind that every nonempty field is of, most special first; anything is text. */
const TESTS: readonly (readonly [CellKind, (field: string) => boolean])[] = [
  ['number', (field) => parseNumber(field) !== undefined],
  ['bool', (field) => BOOLEANS.has(field.toLowerCase())],
  ['list', (field) => field.startsWith('[')],
];

/** How one field becomes a value; `where` names the field in errors. An empty number, boolean or list is missing. */
export const CELL_READERS: Record<CellKind, (field: string, where: () => string) => unknown> = {
  number: (field) => parseNumber(field) ?? null,
  bool: (field) => BOOLEANS.get(field.toLowerCase()) ?? null,
  list: (field, where) => (field === '' ? null : parseList(field, where)),
  text: (field) => field,
};

/**
 * What a column is: numbers (`nan`, `inf` and empty fields among them), booleans (`true`/`false`, as pandas writes
 * them), JSON lists, or text. Integers beyond 2^53 make it text, because they are ids, and rounding would make two of
 * them equal.
 */
export function cellKind(fields: readonly string[]): CellKind {
  const filled = fields.filter((field) => field !== '');
  return TESTS.find(([, test]) => filled.every(test))?.[0] ?? 'text';
}

/** The number that a field spells in decimal notation, or undefined. */
export function parseNumber(field: string): number | undefined {
  if (!DECIMAL.test(field)) {
    const value = NOT_FINITE.get(field.replace(/^[+-]/, '').toLowerCase());
    return value !== undefined && field.startsWith('-') ? -value : value;
  }
  const number = Number(field);
  const isInteger = /^[+-]?\d+$/.test(field);
  return isInteger && !Number.isSafeInteger(number) ? undefined : number;
}

function parseList(field: string, where: () => string): unknown {
  try {
    return JSON.parse(field) as unknown;
  } catch {
    throw new ConfigurationError(
      `${where()}: ${quoted(field)} is not a JSON list. Write vectors as [0.1, 0.2], with commas, and null where a number is missing.`,
    );
  }
}
