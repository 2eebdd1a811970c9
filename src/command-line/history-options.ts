import type { Command } from 'commander';

import { DEFAULT_LIMIT, parseHistoryLimit } from '../history/history-limit.ts';
import { type Options, textOf } from './option-values.ts';

/** Where the verdicts of many commits are kept. */
export interface HistoryWishes {
  /** The file to put a record of each gate into. */
  readonly historyFile?: string;
  /** Commits of each gate that it keeps. Default: `DEFAULT_LIMIT`. */
  readonly historyLimit?: number;
  /** The commit that is judged. */
  readonly commit?: string;
}

export function addHistoryOptions(command: Command): Command {
  return command
    .option('--history-file <path>', 'Put a record of each gate into this file, for "fusion-gate trend".')
    .option('--history-limit <count>', `Commits of each gate that it keeps. Default: ${DEFAULT_LIMIT}.`)
    .option(
      '--commit <sha>',
      'The commit that is judged. Default: that of the CI job, or of the repository.',
    );
}

export function historyWishes(options: Options): HistoryWishes {
  const limit = textOf(options, 'history-limit');
  return {
    historyFile: textOf(options, 'history-file'),
    historyLimit: limit === undefined ? undefined : parseHistoryLimit(limit, '--history-limit'),
    commit: textOf(options, 'commit'),
  };
}
