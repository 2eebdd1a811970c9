import { isMapping, type Mapping } from './place.ts';
import type { GateFile } from './schema.ts';

/** A fold of a gate's list: its name, and the gate that it would be alone. */
export interface FoldFile {
  readonly name: string;
  readonly file: GateFile;
}

/** The gates that a list of folds stands for: what a fold does not say, it has from its gate. */
export function foldFiles({ folds, ...gate }: GateFile): FoldFile[] {
  return (folds ?? []).map(({ name, subset, bank, ...own }, i) => ({
    name: name ?? `fold ${i}`,
    file: {
      ...gate,
      ...(own.model !== undefined && { fusion: undefined }),
      ...(own.fusion !== undefined && { model: undefined }),
      ...own,
      columns: { ...gate.columns, ...(subset !== undefined && { subset }) },
      permutations: { ...gate.permutations, ...(bank && { bank }) },
    },
  }));
}

/** Whether an evaluation set is several folds of a contract folder. */
export function isSeveralFolds(set: GateFile['evaluation-set'] | undefined): boolean {
  if (typeof set !== 'object' || 'url' in set) return false;
  return [set.seed, set.fold].some((numbers) => typeof numbers === 'object' || numbers === 'all');
}

/** Keys that a gate may leave to its folds where each of them has it. */
const LEFT_TO_FOLDS = ['model', 'fusion', 'evaluation-set'];

/** The gate with what it leaves to its folds taken from the first: that nobody has it is found of the gate then. */
export function withLeftKeys(gate: unknown): unknown {
  if (!isMapping(gate) || !Array.isArray(gate.folds) || gate.folds.length === 0) return gate;
  const folds: readonly unknown[] = gate.folds;
  const has = (fold: unknown, key: string): fold is Mapping => isMapping(fold) && Object.hasOwn(fold, key);
  const isCandidate = (key: string): boolean => key === 'model' || key === 'fusion';
  const keys = LEFT_TO_FOLDS.filter(
    (key) =>
      !has(gate, key) &&
      folds.every((fold) => has(fold, key)) &&
      !(isCandidate(key) && (has(gate, 'model') || has(gate, 'fusion'))),
  );
  return { ...gate, ...Object.fromEntries(keys.map((key) => [key, (folds[0] as Mapping)[key]])) };
}
