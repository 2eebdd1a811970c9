import type { Command } from 'commander';

import { ConfigurationError } from '../foundation/errors.ts';
import { notEmpty, type Options, optionsOf, repeatable, textOf } from './option-values.ts';

/** What `fusion-gate trend` was asked for. */
export interface TrendWishes {
  /** History files, at least one. */
  readonly historyFiles: readonly string[];
  /** The page to write. */
  readonly output?: string;
  /** Where commits and pull requests can be looked at: the address of the repository on the web. */
  readonly repository?: string;
}

const HELP = `
Examples:
  fusion-gate run --history-file history.jsonl                       after each commit
  fusion-gate trend --history-file history.jsonl                     the trend, here
  fusion-gate trend --history-file history.jsonl --output index.html     and as a page`;

/** Adds the command that shows a history. */
export function addTrend(program: Command, trend: (wishes: TrendWishes) => Promise<void>): void {
  const command = program
    .command('trend')
    .summary('Show the gap over many commits, here and as a page.')
    .description(
      'Shows what "fusion-gate run --history-file" has kept: the gap of each gate over many commits.',
    )
    .helpOption('-h, --help', 'Print this help.')
    .addOption(repeatable('--history-file <path>', 'The history; may be given several times.'))
    .option('--output <path>', 'Write a page that needs nothing else: open it, or serve it.')
    .option(
      '--repository <url>',
      'Address of the repository, for links to commits. Default: that of the CI job.',
    )
    .addHelpText('after', HELP);
  command.action(async () => {
    await trend(trendWishes(optionsOf(command)));
  });
}

function trendWishes(options: Options): TrendWishes {
  const files = (options['history-file'] as readonly string[] | undefined) ?? [];
  if (files.length === 0) {
    throw new ConfigurationError(
      'Which history? Name the file that "fusion-gate run --history-file" wrote with --history-file.',
    );
  }
  return {
    historyFiles: files.map((file) => notEmpty('history-file', file)),
    output: textOf(options, 'output'),
    repository: textOf(options, 'repository'),
  };
}
