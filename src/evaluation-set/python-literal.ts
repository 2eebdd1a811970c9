/** A value of the Python literal syntax that NumPy writes its headers in. Tuples and lists are arrays. */
export type PythonLiteral =
  string | number | boolean | null | readonly PythonLiteral[] | ReadonlyMap<string, PythonLiteral>;

const TOKEN =
  /\s*(?:(?<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|(?<integer>-?\d+)L?|(?<word>True|False|None)|(?<mark>[{}()[\],:]))/y;
const WORDS = new Map<string, PythonLiteral>([
  ['True', true],
  ['False', false],
  ['None', null],
]);
const MAX_DEPTH = 16;

/**
 * Reads one Python literal of strings, integers, True, False, None, tuples, lists and dicts with text keys; evaluates
 * nothing.
 *
 * @returns undefined when the text is anything else
 */
export function parsePythonLiteral(text: string): PythonLiteral | undefined {
  const tokens = tokenize(text);
  if (tokens === undefined) return undefined;
  const reader = { tokens, next: 0 };
  const value = readValue(reader, 0);
  return reader.next === tokens.length ? value : undefined;
}

interface Token {
  readonly mark?: string;
  readonly value?: PythonLiteral;
}

interface TokenReader {
  readonly tokens: readonly Token[];
  next: number;
}

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const groups = TOKEN.exec(text)?.groups as Record<string, string | undefined> | undefined;
    if (groups === undefined) return undefined;
    const { string, integer, word, mark } = groups;
    if (mark !== undefined) tokens.push({ mark });
    else if (word !== undefined) tokens.push({ value: WORDS.get(word) });
    else if (integer !== undefined) tokens.push({ value: Number(integer) });
    else tokens.push({ value: string!.slice(1, -1).replace(/\\(.)/gs, '$1') });
  }
  return tokens;
}

function readValue(reader: TokenReader, depth: number): PythonLiteral | undefined {
  const token = reader.tokens.at(reader.next);
  if (token === undefined || depth > MAX_DEPTH) return undefined;
  reader.next++;
  if (token.mark === undefined) return token.value;
  if (token.mark === '{') return readDict(reader, depth);
  if (token.mark === '(') return readSequence(reader, depth, ')');
  if (token.mark === '[') return readSequence(reader, depth, ']');
  return undefined;
}

function readSequence(reader: TokenReader, depth: number, closing: string): PythonLiteral[] | undefined {
  const values: PythonLiteral[] = [];
  while (!accept(reader, closing)) {
    if (values.length > 0 && !accept(reader, ',')) return undefined;
    if (values.length > 0 && accept(reader, closing)) break;
    const value = readValue(reader, depth + 1);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function readDict(reader: TokenReader, depth: number): Map<string, PythonLiteral> | undefined {
  const entries = new Map<string, PythonLiteral>();
  while (!accept(reader, '}')) {
    if (entries.size > 0 && !accept(reader, ',')) return undefined;
    if (entries.size > 0 && accept(reader, '}')) break;
    const key = readValue(reader, depth + 1);
    if (typeof key !== 'string' || !accept(reader, ':')) return undefined;
    const value = readValue(reader, depth + 1);
    if (value === undefined) return undefined;
    entries.set(key, value);
  }
  return entries;
}

function accept(reader: TokenReader, mark: string): boolean {
  if (reader.tokens.at(reader.next)?.mark !== mark) return false;
  reader.next++;
  return true;
}
