import { readFailure } from './failure.ts';
import type { Octokit } from './octokit.ts';

/** Who writes with the token that every workflow run is given. */
const WORKFLOW_BOT = 'github-actions[bot]';

/** Statuses by which GitHub says that this token, or this server, has no such question. */
const NOT_ANSWERED = new Set([403, 404]);

/**
 * The login under which comments made with this token appear in the REST API.
 *
 * GraphQL's `viewer` answers every kind of token: `github-actions[bot]` for the workflow's own, `<app>[bot]` for an
 * installed GitHub App's, the person for a personal one. `GET /user` answers personal tokens only, and is asked where a
 * server has no GraphQL or the token may not use it. A token that neither will name is the workflow's own.
 *
 * @throws whatever Octokit throws for a failure that may pass, such as a 502: guessing then could double a comment
 */
export async function loginOf(octokit: Octokit): Promise<string> {
  const viewer = () => octokit.graphql<{ viewer: { login: string } }>('query { viewer { login } }');
  const user = () => octokit.rest.users.getAuthenticated();
  return (await answer(viewer))?.viewer.login ?? (await answer(user))?.data.login ?? WORKFLOW_BOT;
}

async function answer<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const { status, rateLimited } = readFailure(error);
    // GraphQL reports its own errors with status 200, which Octokit throws without a status.
    if (!rateLimited && (status === undefined || NOT_ANSWERED.has(status))) return undefined;
    throw error;
  }
}
