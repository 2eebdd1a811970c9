import { ConfigurationError } from '../foundation/errors.ts';

/** Names that https://git-scm.com/docs/git-check-ref-format allows, without those that need quoting. */
const BRANCH = /^(?!.*(\.\.|\/\/|\/\.|\.lock(\/|$)))[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}(?<![./])$/;

/**
 * The branch that keeps a history.
 *
 * @param spelling the input as the user wrote it, for the error
 * @throws ConfigurationError when the text is no name of a branch
 */
export function parseHistoryBranch(text: string, spelling: string): string {
  if (BRANCH.test(text)) return text;
  throw new ConfigurationError(
    `${spelling} is "${text}", which is no name of a branch. Write letters, digits, "-", "_", "." and "/", such as fusion-gate.`,
  );
}
