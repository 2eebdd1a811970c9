/** A command of one line as the words that make it, or what is wrong with it. */
export type CommandWords = { readonly words: readonly string[] } | { readonly mistake: string };

/** One part of a word, what separates words, or what only a shell would understand. */
const PARTS = /'([^']*)'|"([^"]*)"|([^\s'"&|;<>`$]+)|(\s+)|([\s\S])/g;

/**
 * Splits a command at its blanks. Quotes, single or double, hold what is between them together. Nothing else has a meaning
 * (a backslash is a part of a path on Windows), because no shell reads it: a file name cannot become a second command.
 *
 * @returns the program and its arguments, or the rest of a sentence that begins with where the command stands
 */
export function splitCommand(command: string): CommandWords {
  const line = command.trim();
  if (line.includes('\n')) {
    return { mistake: 'has several lines. Put them into a script, and give the one line that starts it.' };
  }
  if (/[^\P{Cc}\t]/u.test(line)) return { mistake: 'has a control character in it. Write it as plain text.' };
  const words: string[] = [];
  let word: string | undefined;
  for (const part of line.matchAll(PARTS)) {
    const [, single, double, plain, blank, rest] = part as readonly (string | undefined)[];
    if (rest !== undefined) return { mistake: explainRest(rest) };
    if (blank === undefined) {
      word = (word ?? '') + (single ?? double ?? plain!);
      continue;
    }
    words.push(word!);
    word = undefined;
  }
  if (word === undefined) return { mistake: 'is empty. Name a program and its arguments.' };
  return checkProgram([...words, word]);
}

function explainRest(character: string): string {
  if (character === '"' || character === "'") return `has a quote ${character} that is not closed.`;
  return `has a "${character}", which is for a shell, and none reads it. Give one program with its arguments, or put the rest into a script and start that; quotes make "${character}" a plain character.`;
}

function checkProgram(words: readonly string[]): CommandWords {
  const [program] = words;
  if (program === '') return { mistake: 'begins with an empty word. Name a program and its arguments.' };
  if (!/^\w+=/.test(program)) return { words };
  return {
    mistake: `begins with "${program}", which is for a shell, and none reads it. Set variables where the command is run from, such as "env:" of the workflow's step.`,
  };
}
