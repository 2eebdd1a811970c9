import { ConfigurationError } from '../foundation/errors.ts';
import { readHead } from './git-head.ts';

/** What a run judged, as the history names it. */
export interface Commit {
  /** Full and hexadecimal, of 40 digits (or 64, in a repository of SHA-256). */
  readonly sha: string;
  /** Branch or tag; empty where there is none. */
  readonly ref: string;
  /** The pull request that brought it; null where that is not known. */
  readonly pullRequest: number | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where services say which commit a job runs on. */
const VARIABLES = [
  { sha: 'GITHUB_SHA', ref: 'GITHUB_REF' },
  { sha: 'CI_COMMIT_SHA', ref: 'CI_COMMIT_REF_NAME' }, // GitLab
  { sha: 'BUILD_SOURCEVERSION', ref: 'BUILD_SOURCEBRANCH' }, // Azure Pipelines
  { sha: 'GIT_COMMIT', ref: 'GIT_BRANCH' }, // Jenkins
  { sha: 'CIRCLE_SHA1', ref: 'CIRCLE_BRANCH' },
  { sha: 'BITBUCKET_COMMIT', ref: 'BITBUCKET_BRANCH' },
] as const;

const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * The commit that a run on a command line judges: as the user says, else as the service of the job says, else what the
 * repository has checked out.
 *
 * @param said the value of `--commit`
 * @param root the repository
 * @throws ConfigurationError where none of them says, or the user says none
 */
export function currentCommit(
  said: string | undefined,
  root: string,
  environment: Environment = process.env,
): Commit {
  if (said !== undefined) return { sha: checked(said), ref: readHead(root)?.ref ?? '', pullRequest: null };
  for (const { sha, ref } of VARIABLES) {
    const value = environment[sha]?.toLowerCase() ?? '';
    if (SHA.test(value)) return { sha: value, ref: environment[ref] ?? '', pullRequest: null };
  }
  const head = readHead(root);
  if (head !== undefined) return { ...head, pullRequest: null };
  throw new ConfigurationError(
    'A history names commits, and neither a Git repository nor a variable of a CI service says which one this is. Name it with --commit.',
  );
}

function checked(sha: string): string {
  const lower = sha.trim().toLowerCase();
  if (SHA.test(lower)) return lower;
  throw new ConfigurationError(
    `--commit is "${sha}"; it must be the full id of a commit, 40 hexadecimal digits (git rev-parse HEAD prints it).`,
  );
}

/**
 * The pull request that a commit message speaks of, as GitHub writes it for a merge (`Merge pull request #12 from ...`) and for
 * a squash (`Title (#12)`); null where it speaks of none.
 */
export function pullRequestOf(message: string): number | null {
  const [title] = message.split('\n', 1);
  const found = /^Merge pull request #(\d{1,9}) from /.exec(title) ?? /\(#(\d{1,9})\)\s*$/.exec(title);
  const number = Number(found?.[1] ?? 0);
  return number > 0 ? number : null;
}
