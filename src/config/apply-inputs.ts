import { ConfigurationError, enumerate } from '../foundation/errors.ts';
import type { InputName } from './inputs.ts';
import { INPUTS } from './inputs.ts';
import type { InputValue } from './parse-input.ts';
import type { Mapping } from './place.ts';
import { isMapping, withValue } from './place.ts';

/** What was said without a file, by the name of the input. */
export type GivenInputs = ReadonlyMap<InputName, InputValue>;

/** How the user writes an input: `--threshold`, `with: threshold`. */
export type Spell = (input: string) => string;

/**
 * A gate as it stands in the file, with what was said by inputs in place of what the file says.
 *
 * @param gate not yet validated; `{}` where there is no file
 * @throws ConfigurationError where lists of names do not fit one another
 */
export function applyInputs(gate: Mapping, given: GivenInputs, spell: Spell): Mapping {
  const plain = INPUTS.filter(({ kind, name }) => kind !== 'list' && given.has(name)).reduce(
    (result, { name, path }) => withValue(result, path, given.get(name)!),
    gate,
  );
  return applyModalities(plain, given, spell);
}

function applyModalities(gate: Mapping, given: GivenInputs, spell: Spell): Mapping {
  const [modalities, reliability, experts] = (['modalities', 'reliability', 'experts'] as const).map(
    (name) => given.get(name) as readonly string[] | undefined,
  );
  if ((modalities ?? reliability ?? experts) === undefined) return gate;

  const scores = reliability?.map((entry) => parseBinding(entry, spell('reliability')));
  const before = mappingAt(gate, 'modalities');
  const inFile = Object.keys(before).length > 0 ? Object.keys(before) : undefined;
  const names = modalities ?? inFile ?? scores?.map(({ tensor }) => tensor) ?? [];
  const isMatrix = scores?.length === 1 && names.length > 1;
  checkNames(names, spell(modalities === undefined ? 'reliability' : 'modalities'));
  checkCount(names, experts, 'experts', spell);
  if (!isMatrix) checkCount(names, scores, 'reliability', spell);

  const modality = (name: string, m: number): Mapping => ({
    ...mappingAt(before, name),
    ...(scores !== undefined && { reliability: isMatrix ? undefined : scores[m] }),
    ...(experts !== undefined && { expert: experts[m] }),
  });
  return {
    ...gate,
    modalities: Object.fromEntries(names.map((name, m) => [name, modality(name, m)])),
    ...(scores !== undefined && {
      reliability: isMatrix ? { ...mappingAt(gate, 'reliability'), ...scores[0], order: names } : undefined,
    }),
  };
}

function mappingAt(mapping: Mapping, key: string): Mapping {
  const value = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
  return isMapping(value) ? value : {};
}

/** `Q_a`, or `tensor=column`. */
function parseBinding(entry: string, spelling: string): { tensor: string; column: string } {
  const [tensor, column = tensor, ...more] = entry.split('=').map((part) => part.trim());
  if (tensor === '' || column === '' || more.length > 0) {
    throw new ConfigurationError(
      `${spelling} has the entry "${entry}"; write a name, or tensor=column where the column is called otherwise.`,
    );
  }
  return { tensor, column };
}

function checkNames(names: readonly string[], spelling: string): void {
  if (names.includes('__proto__')) {
    throw new ConfigurationError(
      `${spelling} has the name "__proto__", which is not allowed. Choose another name.`,
    );
  }
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated === undefined) return;
  throw new ConfigurationError(
    `${spelling} names "${repeated}" twice. Each modality needs a name of its own.`,
  );
}

function checkCount(
  modalities: readonly string[],
  list: readonly unknown[] | undefined,
  input: 'reliability' | 'experts',
  spell: Spell,
): void {
  if (list === undefined || list.length === modalities.length) return;
  const hint =
    input === 'reliability'
      ? 'Give one for each modality, or the one [N, M] tensor that holds the scores of all.'
      : `Give one for each modality; ${spell('modalities')} names the modalities.`;
  const count = modalities.length;
  throw new ConfigurationError(
    `${spell(input)} has ${list.length} ${list.length === 1 ? 'name' : 'names'} for ${count} ${count === 1 ? 'modality' : 'modalities'} (${enumerate(modalities)}). ${hint}`,
  );
}
