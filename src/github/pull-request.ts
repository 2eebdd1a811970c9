import { ConfigurationError } from '../foundation/errors.ts';

/** Where a comment goes. */
export interface PullRequest {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

/** What is read of the event that started the workflow. */
export interface EventPayload {
  readonly pull_request?: { readonly number: number };
  /** Of `issue_comment`: GitHub counts pull requests as issues, and marks those that are. */
  readonly issue?: { readonly number: number; readonly pull_request?: unknown };
}

/**
 * The `pr-number` input; undefined where it is empty.
 *
 * @throws ConfigurationError when it is not a positive whole number
 */
export function parsePullRequestNumber(input: string): number | undefined {
  const text = input.trim();
  if (text === '') return undefined;
  const number = Number(text);
  if (/^[1-9]\d*$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new ConfigurationError(
    `The input "pr-number" is "${text}"; it must be the number of a pull request, such as 42, or be left out.`,
  );
}

/** The pull request that an event is about; undefined for a push, a schedule or an issue. */
export function pullRequestOfEvent(payload: EventPayload): number | undefined {
  if (payload.pull_request) return payload.pull_request.number;
  return payload.issue?.pull_request ? payload.issue.number : undefined;
}
