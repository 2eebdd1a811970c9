import type { Repository } from './occasion.ts';
import type { PullRequest } from './pull-request.ts';

/** What is asked of GitHub, in the words of a sentence about its failure. */
export interface Errand {
  /** `the comment` */
  readonly thing: string;
  /** `write to pull requests` */
  readonly deed: string;
  /** As a workflow writes it: `pull-requests: write`. */
  readonly permission: string;
  /** What the token does not see where GitHub answers 404: `no pull request #7 in octo-lab/stress`. */
  readonly missing: string;
  /** What to look at then, if not the repository. */
  readonly check?: string;
}

export function commentErrand({ owner, repo, number }: PullRequest): Errand {
  return {
    thing: 'the comment',
    deed: 'write to pull requests',
    permission: 'pull-requests: write',
    missing: `no pull request #${number} in ${owner}/${repo}`,
    check: '"pr-number"',
  };
}

export function lookUpErrand({ owner, repo }: Repository): Errand {
  return {
    thing: 'the question',
    deed: 'read pull requests',
    permission: 'pull-requests: read',
    missing: `no such commit in ${owner}/${repo}`,
  };
}

export function checkErrand({ owner, repo }: Repository): Errand {
  return {
    thing: 'the check',
    deed: 'write checks',
    permission: 'checks: write',
    missing: `no such commit in ${owner}/${repo}`,
  };
}

export function issueErrand({ owner, repo }: Repository): Errand {
  return {
    thing: 'the issue',
    deed: 'write issues',
    permission: 'issues: write',
    missing: `no issues in ${owner}/${repo}`,
    check: 'that the repository has issues turned on',
  };
}

export function artefactErrand({ owner, repo }: Repository): Errand {
  return {
    thing: 'the question',
    deed: 'read artefacts',
    permission: 'actions: read',
    missing: `no such run in ${owner}/${repo}`,
  };
}

/** @param deed `write` on the default branch, `read` elsewhere */
export function historyErrand({ owner, repo }: Repository, deed: 'read' | 'write'): Errand {
  return {
    thing: 'the history',
    deed: `${deed} the contents of the repository`,
    permission: `contents: ${deed}`,
    missing: `no contents of ${owner}/${repo}`,
  };
}
