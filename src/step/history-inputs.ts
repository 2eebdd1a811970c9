import { ConfigurationError } from '../foundation/errors.ts';
import { parseHistoryBranch } from '../history/history-branch-name.ts';
import { DEFAULT_LIMIT, parseHistoryLimit } from '../history/history-limit.ts';
import { given, givenBoolean, SPEAKER } from './step-inputs.ts';

/** Where a step keeps what it found. */
export interface HistoryInputs {
  readonly branch?: string;
  readonly file?: string;
  /** Commits of each gate that are kept. */
  readonly limit: number;
  /** Whether an issue tells of a gap that has dropped. */
  readonly issueOnRegression: boolean;
}

/** @throws ConfigurationError where they contradict each other, or cannot be understood */
export function readHistoryInputs(): HistoryInputs {
  const [branch, file, limit] = ['history-branch', 'history-file', 'history-limit'].map(given);
  if (branch !== undefined && file !== undefined) {
    throw new ConfigurationError(
      `${SPEAKER.spell('history-branch')} and ${SPEAKER.spell('history-file')} are both given. A history is kept in one place; leave one out.`,
    );
  }
  if (branch !== undefined) parseHistoryBranch(branch, SPEAKER.spell('history-branch'));
  const issueOnRegression = givenBoolean('issue-on-regression');
  if (issueOnRegression && branch === undefined) {
    throw new ConfigurationError(
      `${SPEAKER.spell('issue-on-regression')} is true, but without ${SPEAKER.spell('history-branch')} no drop can be told. Name a branch there, such as fusion-gate.`,
    );
  }
  return {
    branch,
    file,
    issueOnRegression,
    limit: limit === undefined ? DEFAULT_LIMIT : parseHistoryLimit(limit, SPEAKER.spell('history-limit')),
  };
}
