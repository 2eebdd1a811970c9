import { isSeveralFolds } from './folds.ts';
import type { Mapping, Path } from './place.ts';
import type { GateFile } from './schema.ts';

/** A gate that fits the schema, with what it takes to speak of it. */
export interface CheckedGate {
  readonly file: GateFile;
  /** The same gate before defaults: what the user really gave. */
  readonly given: Mapping;
  /** A place in the gate as the user wrote it; without keys the gate itself. */
  readonly at: (...path: Path) => string;
}

/** A sentence for what is wrong with a gate as a whole, or undefined. */
export type Check = (gate: CheckedGate) => string | undefined;

/** Where a gate says what its folds are. */
export function placesOfFolds(file: GateFile, at: CheckedGate['at']): string[] {
  const { fold, seed } = file.columns;
  return [
    ...(file.folds ? [at('folds')] : []),
    ...(isSeveralFolds(file['evaluation-set']) ? [at('evaluation-set')] : []),
    ...(fold !== undefined ? [at('columns', 'fold')] : []),
    ...(fold === undefined && seed !== undefined ? [at('columns', 'seed')] : []),
  ];
}
