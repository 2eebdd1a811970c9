/** Engines may quote a whole graph; what helps stands at the beginning. */
const MOST_READ = 2000;
const MOST_SHOWN = 300;

/** What goes before the message proper, in the order in which ONNX Runtime puts it there. */
const PREAMBLES = [
  [/^.*?ERROR_MESSAGE: /s, ''],
  [/^Non-zero status code returned while running (\w+) node\. Name:'.*?' Status Message: /s, 'in $1: '],
  [
    /^.*?ONNX Runtime only \*guarantees\*.*? (Opset \d+) is .*? (Current official support)/s,
    '$1 is too new. $2',
  ],
  [/^Load model from .+? failed:/s, ''],
  // Where in its source it found the error: a path of the machine it was built on, a line, and often the function.
  [/\S+\.(?:cc|h|hpp|cpp):\d+ .*?(?:\[ONNXRuntimeError\] : \d+ : \w+ : |(?=[A-Z][a-z]))/gs, ''],
] as const;

/** What an engine said when it failed, fit for a sentence: one line of plain text, not too long, without a full stop. */
export function engineSays(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, MOST_READ);
  const text = PREAMBLES.reduce((rest, [pattern, to]) => rest.replace(pattern, to), message)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/\.+$/, '');
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

/** The same of a model that was opened or run. Engines believe a damaged file, and fall over what is not there. */
export function modelFailure(error: unknown): string {
  const says = error instanceof TypeError ? '' : engineSays(error);
  return says || 'its graph is damaged, or holds what the engine does not know';
}
