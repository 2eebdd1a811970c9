import type { CommanderError } from 'commander';

/** What commander says, and what we do. It puts its guess on a line of its own, in brackets. */
const MISTAKES = [
  [/^error: unknown option '(.*?)'/, 'There is no flag $1 here.'],
  [/^error: unknown command '(.*?)'/, 'There is no command $1.'],
  [/^error: missing required argument 'model'/, 'Which model? Give its path behind the command.'],
  [/^error: missing required argument 'folder'/, 'Which folder? Give its path behind the command.'],
  [/^error: missing required argument '(\w+)'$/, 'No $1 are named.'],
  [/^error: option '(?:-\w, )?(\S+) (<.*>)' argument missing$/, '$1 has no value. Write $1 $2.'],
  [
    /^error: too many arguments for '(\w+)'. Expected 0 .*$/,
    '"$1" takes flags only: a path or a name needs its flag before it.',
  ],
  [
    /^error: too many arguments for 'contract'.*$/,
    '"contract" takes one folder: everything else needs its flag before it.',
  ],
  [
    /^error: too many arguments for '(\w+)'.*$/,
    '"$1" takes one model: everything else needs its flag before it.',
  ],
  [/\n\(Did you mean (.*)\?\)$/, ' Did you mean $1?'],
] as const;

/** What is wrong with a command line, in a sentence or two of ours. */
export function explainMistake({ message }: CommanderError): string {
  return MISTAKES.reduce((text, [theirs, ours]) => text.replace(theirs, ours), message);
}
