/** What exporters call the inputs of well-known encoders, and the modality that these read. */
const ENCODER_INPUTS = new Map([
  ['input_ids', 'text'],
  ['pixel_values', 'image'],
  ['input_features', 'audio'],
  ['input_values', 'audio'],
]);

/** The words of a name in lower case: `E_top`, `topPixels` and `top/E:0` all have `top`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Words that tell inputs apart: not those of every name, and not single letters and numbers, which tell of a role or a count. */
export function tellingWords(name: string, all: readonly string[]): string[] {
  const others = all.filter((other) => other !== name).map(wordsOf);
  const isShared = (word: string): boolean =>
    others.length > 0 && others.every((words) => words.includes(word));
  return wordsOf(name).filter((word) => word.length > 1 && !/^\d+$/.test(word) && !isShared(word));
}

/**
 * A name for what a group of inputs belongs to: the words that they share and that tell them from the others.
 *
 * @param all the names of all inputs that hold evidence
 * @param fallback where no word is left
 */
export function groupName(group: readonly string[], all: readonly string[], fallback: string): string {
  const known = group.map((name) => ENCODER_INPUTS.get(name)).find((name) => name !== undefined);
  if (known !== undefined) return known;
  const words = group.map((name) => tellingWords(name, all));
  const shared = words[0].filter((word) => words.every((list) => list.includes(word)));
  const name = (shared.length > 0 ? shared : words[0]).join('-') || letterOf(group[0], all);
  return name === '' ? fallback : name;
}

/** Where nothing but a letter tells names apart: `E_a` and `E_v`. */
function letterOf(name: string, all: readonly string[]): string {
  const own = wordsOf(name).filter((word) =>
    all.every((other) => other === name || !wordsOf(other).includes(word)),
  );
  return own.find((word) => /^\p{L}$/u.test(word)) ?? '';
}
