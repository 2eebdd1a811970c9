import type { TensorInfo } from '../model/loaded-model.ts';
import { type Anatomy, type InputSet, isWithin } from './anatomy.ts';
import { groupName, tellingWords, wordsOf } from './name-words.ts';

/** Inputs of a model that belong together, as far as names and graph tell. */
export interface FoundModality {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly set: InputSet;
}

/** Operators that hold what a model has learned of an input, beside which they read a constant. */
const LEARNED = new Set([
  ...['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'Gather', 'Einsum', 'LSTM', 'GRU', 'RNN', 'QLinearConv'],
  ...['QLinearMatMul', 'MatMulInteger', 'FusedMatMul', 'FusedConv', 'DequantizeLinear', 'LinearClassifier'],
  ...['LinearRegressor', 'TreeEnsembleClassifier', 'TreeEnsembleRegressor', 'SVMClassifier', 'Scaler'],
]);

/**
 * Evidence by modality: the inputs of which the model has learned something, those that share a telling word together.
 * An input without weights of its own, such as a mask, goes with the one whose word it shares.
 */
export function findModalities(anatomy: Anatomy, inputs: readonly TensorInfo[]): FoundModality[] {
  const names = evidenceInputs(anatomy, inputs);
  const groups = grouped(names);
  const taken = new Set<string>();
  return groups.map((group, i) => {
    const wish = groupName(group, names, `modality-${i + 1}`);
    const name = taken.has(wish) ? `${wish}-${i + 1}` : wish;
    taken.add(name);
    const set = group.reduce((all, input) => all | anatomy.inputsOf(input), 0n);
    return { name, inputs: group, set };
  });
}

/** The one modality that an input set, or else a name, belongs to. */
export function modalityOf(
  modalities: readonly FoundModality[],
  set: InputSet,
  name?: string,
): FoundModality | undefined {
  const owner = set === 0n ? undefined : modalities.find((modality) => isWithin(set, modality.set));
  if (owner !== undefined || name === undefined) return owner;
  const words = wordsOf(name);
  const named = modalities.filter((modality) => wordsOf(modality.name).some((word) => words.includes(word)));
  return named.length === 1 ? named[0] : undefined;
}

function evidenceInputs({ operators, inputsOf }: Anatomy, inputs: readonly TensorInfo[]): string[] {
  const learned = new Set(
    operators
      .filter(({ type, reads }) => LEARNED.has(type) && reads.some((name) => inputsOf(name) === 0n))
      .flatMap(({ reads }) => reads.map(inputsOf)),
  );
  const names = inputs.map(({ name }) => name).filter((name) => learned.has(inputsOf(name)));
  if (names.length > 0) return names;
  // A head over features that are computed elsewhere: scores are single numbers, features are more.
  return inputs.filter(({ shape = [] }) => shape.slice(1).some((size) => size !== 1)).map(({ name }) => name);
}

function grouped(names: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const name of names) {
    const words = tellingWords(name, names);
    const own = groups.find((group) => group.some((other) => shares(words, tellingWords(other, names))));
    if (own === undefined) groups.push([name]);
    else own.push(name);
  }
  return groups;
}

function shares(a: readonly string[], b: readonly string[]): boolean {
  return a.some((word) => b.includes(word));
}
