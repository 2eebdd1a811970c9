import { ConfigurationError } from '../foundation/errors.ts';
import { DEFAULT_LIMIT, parseHistoryLimit } from '../history/history-limit.ts';
import { given, SPEAKER } from './step-inputs.ts';

/** Where a step keeps what it found. */
export interface HistoryInputs {
  readonly branch?: string;
  readonly file?: string;
  /** Commits of each gate that are kept. */
  readonly limit: number;
}

/** Names that https://git-scm.com/docs/git-check-ref-format allows, without those that need quoting. */
const BRANCH = /^(?!.*(\.\.|\/\/|\/\.|\.lock(\/|$)))[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}(?<![./])$/;

/** @throws ConfigurationError where they contradict each other, or cannot be understood */
export function readHistoryInputs(): HistoryInputs {
  const [branch, file, limit] = ['history-branch', 'history-file', 'history-limit'].map(given);
  if (branch !== undefined && file !== undefined) {
    throw new ConfigurationError(
      `${SPEAKER.spell('history-branch')} and ${SPEAKER.spell('history-file')} are both given. A history is kept in one place; leave one out.`,
    );
  }
  if (branch !== undefined && !BRANCH.test(branch)) {
    throw new ConfigurationError(
      `${SPEAKER.spell('history-branch')} is "${branch}", which is no name of a branch. Write letters, digits, "-", "_", "." and "/", such as fusion-gate.`,
    );
  }
  return {
    branch,
    file,
    limit: limit === undefined ? DEFAULT_LIMIT : parseHistoryLimit(limit, SPEAKER.spell('history-limit')),
  };
}
