import type { Octokit } from './octokit.ts';

const HIDE = `mutation ($id: ID!) {
  minimizeComment(input: { subjectId: $id, classifier: RESOLVED }) { minimizedComment { isMinimized } }
}`;
const SHOW = `mutation ($id: ID!) {
  unminimizeComment(input: { subjectId: $id }) { unminimizedComment { isMinimized } }
}`;

/**
 * Folds a comment away as resolved, or unfolds it. Only GraphQL can. Doing it twice is doing it once.
 *
 * @param nodeId the comment's id in GraphQL
 * @throws what Octokit throws
 */
export async function setHidden(octokit: Octokit, nodeId: string, isHidden: boolean): Promise<void> {
  await octokit.graphql(isHidden ? HIDE : SHOW, { id: nodeId });
}
