/** Texts, which stay as they are, and the numbers of Python that JSON has no words for. */
const BEYOND_JSON = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
const REPLACED = new Map([
  ['NaN', 'null'],
  ['-NaN', 'null'],
  ['Infinity', '1e999'],
  ['-Infinity', '-1e999'],
]);

/** A JSON text, with NaN (as null) and infinities where Python writes them; undefined where it is none. */
export function parseJson(text: string): unknown {
  return parsed(text) ?? parsed(text.replace(BEYOND_JSON, (word) => REPLACED.get(word) ?? word));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
