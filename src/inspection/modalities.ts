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
 * Evidence by modality: the inputs of which the model has learned something, those that share a telling word together. A wide
 * input without weights of its own, such as a mask, belongs to the modality that it meets first.
 */
export function findModalities(anatomy: Anatomy, inputs: readonly TensorInfo[]): FoundModality[] {
  const names = evidenceInputs(anatomy, inputs);
  const groups = grouped(names);
  const taken = new Set<string>();
  const found = groups.map((group, i) => {
    const wish = groupName(group, names, `modality-${i + 1}`);
    const name = taken.has(wish) ? `${wish}-${i + 1}` : wish;
    taken.add(name);
    const set = group.reduce((all, input) => all | anatomy.inputsOf(input), 0n);
    return { name, inputs: group, set };
  });
  const others = inputs.filter((input) => !names.includes(input.name) && !mayBeScores(input, groups.length));
  const homes = new Map(others.map(({ name }) => [name, firstMet(anatomy, anatomy.inputsOf(name), found)]));
  return found.map((modality) => {
    const joining = others.map(({ name }) => name).filter((name) => homes.get(name) === modality);
    const set = joining.reduce((all, name) => all | anatomy.inputsOf(name), modality.set);
    return { ...modality, inputs: [...modality.inputs, ...joining], set };
  });
}

/** The only modality with which an input is computed where it first meets any. */
function firstMet(
  { operators, inputsOf }: Anatomy,
  input: InputSet,
  modalities: readonly FoundModality[],
): FoundModality | undefined {
  for (const { writes } of operators) {
    const set = writes.map(inputsOf).at(0) ?? 0n;
    if ((set & input) === 0n) continue;
    const met = modalities.filter((modality) => (set & modality.set) !== 0n);
    if (met.length > 0) return met.length === 1 ? met[0] : undefined;
  }
  return undefined;
}

/** A number for each example, or for each modality. */
function mayBeScores({ dtype, shape = [] }: TensorInfo, modalities: number): boolean {
  const width = shape.slice(1).reduce<number>((product, size) => product * (size ?? Infinity), 1);
  return dtype.startsWith('float') && (width === 1 || width === modalities);
}

function isWide(shape: readonly (number | null)[]): boolean {
  return shape.slice(1).some((size) => size !== 1);
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
  return inputs.filter(({ shape = [] }) => isWide(shape)).map(({ name }) => name);
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
