/** As a workflow writes them: `contents: write`. What is not there is not granted. */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

/**
 * What GitHub's documentation asks of a workflow's token ("Permissions required for GitHub Apps"), by the beginning of an
 * operation id; of several any is enough. All that reads is asked for too, as in a private repository.
 */
const NEEDED: readonly (readonly [operation: string, ...permissions: readonly string[]])[] = [
  ['issues/list-comments', 'pull-requests: read', 'issues: read'],
  ['issues/create-comment', 'pull-requests: write', 'issues: write'],
  ['issues/update-comment', 'pull-requests: write', 'issues: write'],
  ['issues/delete-comment', 'pull-requests: write', 'issues: write'],
  ['issues/list-for-repo', 'issues: read'],
  ['issues/', 'issues: write'],
  ['pulls/list', 'pull-requests: read'],
  ['repos/list-pull-requests-associated-with-commit', 'pull-requests: read'],
  ['checks/', 'checks: write'],
  ['actions/', 'actions: read'],
  ['git/get-', 'contents: read'],
  ['git/', 'contents: write'],
  // The two mutations of GraphQL that hide a comment and show it again.
  ['graphql mutation', 'pull-requests: write', 'issues: write'],
];

/** Which of the granted permissions allows an operation; undefined where none does, and '' where none is needed. */
export function allowedBy(granted: Permissions, operation: string): string | undefined {
  const [, ...any] = NEEDED.find(([beginning]) => operation.startsWith(beginning)) ?? ['', ''];
  return any.find((permission) => {
    const [scope, level] = permission.split(': ');
    return permission === '' || granted[scope] === 'write' || granted[scope] === level;
  });
}
