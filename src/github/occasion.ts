/** A repository on GitHub. */
export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** The commit that a run judges. */
export interface Commit {
  readonly sha: string;
  /** Where it was pushed, if the event says so: another repository than ours is a fork. */
  readonly branch?: { readonly owner: string; readonly repository: string; readonly name: string };
}

/** Why a workflow runs, as far as publishing depends on it. */
export interface Occasion {
  /** Of the pull request that the event is about, if it names one. */
  readonly pullRequest?: number;
  /** The commit whose pull requests may be looked for; undefined where none could be meant. */
  readonly commit?: Commit;
  /** The commit that a check belongs to. */
  readonly head: string;
  /** Whether the token was made read-only because the pull request comes from elsewhere. */
  readonly isReadOnly: boolean;
}

interface PayloadRepository {
  readonly full_name: string;
  readonly owner: { readonly login: string };
}

/** What is read of the event that started the workflow. */
export interface EventPayload {
  readonly pull_request?: {
    readonly number: number;
    readonly head?: { readonly sha?: string; readonly repo?: { readonly full_name: string } | null };
    readonly base?: { readonly repo?: { readonly full_name: string } };
  };
  /** Of `issue_comment`: GitHub counts pull requests as issues, and marks those that are. */
  readonly issue?: { readonly number: number; readonly pull_request?: unknown };
  readonly merge_group?: { readonly head_ref?: string; readonly head_sha?: string };
  readonly workflow_run?: {
    readonly id?: number;
    readonly html_url?: string;
    readonly head_sha?: string;
    readonly head_branch?: string | null;
    readonly head_repository?: PayloadRepository | null;
  };
}

/** What the runner says of a run in its environment. */
export interface RunVariables {
  readonly GITHUB_EVENT_NAME?: string;
  readonly GITHUB_SHA?: string;
  readonly GITHUB_ACTOR?: string;
}

/** Its pull requests are as good as a fork's: GitHub gives their runs a read-only token too. */
const DEPENDABOT = 'dependabot[bot]';

/** `refs/heads/gh-readonly-queue/main/pr-104-<base commit>`; a group is named after the last pull request in it. */
const QUEUE_BRANCH = /\/pr-(\d{1,15})-[0-9a-f]{40,64}$/;

/** Reads an event as GitHub's runner hands it over. */
export function occasionOf(payload: EventPayload, variables: RunVariables): Occasion {
  const { GITHUB_EVENT_NAME: event = '', GITHUB_SHA: sha = '' } = variables;
  const { pull_request: pullRequest, issue, merge_group: group, workflow_run: run } = payload;
  const isReadOnly = false;
  if (pullRequest !== undefined) {
    const { number, head } = pullRequest;
    const isStrange = isFromFork(pullRequest) || variables.GITHUB_ACTOR === DEPENDABOT;
    // The workflow of `pull_request_target` is the base branch's own, and its token may write.
    return {
      pullRequest: number,
      head: head?.sha ?? sha,
      isReadOnly: isStrange && event === 'pull_request',
    };
  }
  if (issue?.pull_request) return { pullRequest: issue.number, head: sha, isReadOnly };
  if (group !== undefined) {
    const number = QUEUE_BRANCH.exec(group.head_ref ?? '')?.[1];
    return {
      ...(number !== undefined && { pullRequest: Number(number) }),
      head: group.head_sha ?? sha,
      isReadOnly,
    };
  }
  if (run?.head_sha !== undefined) {
    return { commit: commitOf(run.head_sha, run), head: run.head_sha, isReadOnly };
  }
  // A schedule judges the default branch as it stands, and an issue is no commit: nobody waits for a comment there.
  const isPushed = sha !== '' && event !== 'schedule' && issue === undefined;
  return { ...(isPushed && { commit: { sha } }), head: sha, isReadOnly };
}

function isFromFork({ head, base }: NonNullable<EventPayload['pull_request']>): boolean {
  // The repository of a deleted fork is null.
  return base?.repo !== undefined && head?.repo?.full_name !== base.repo.full_name;
}

function commitOf(
  sha: string,
  { head_branch: name, head_repository: from }: NonNullable<EventPayload['workflow_run']>,
): Commit {
  if (!name || !from) return { sha };
  return { sha, branch: { owner: from.owner.login, repository: from.full_name, name } };
}
