import { ConfigurationError } from '../foundation/errors.ts';
import type { Column, ColumnInfo, EvaluationSet } from './evaluation-set.ts';
import { findColumn } from './find-column.ts';

/**
 * Each column read when it is first asked for, and kept.
 *
 * @param path as errors name what the columns are of
 */
export function readOnce(
  path: string,
  columns: readonly ColumnInfo[],
  read: EvaluationSet['read'],
): EvaluationSet['read'] {
  const reading = new Map<string, Promise<Column>>();
  const readRows = async (name: string): Promise<Column> => {
    const { shape } = findColumn(path, columns, name);
    const column = await read(name);
    if (column.shape.length > 0) return column;
    throw new ConfigurationError(
      `The column "${name}" of "${path}" is a single value (shape [${shape.join(', ')}]); a column has one value, or one vector, in every row.`,
    );
  };
  return (name) => {
    const begun = reading.get(name) ?? readRows(name);
    reading.set(name, begun);
    return begun;
  };
}
