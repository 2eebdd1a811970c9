import type { Logger } from '../foundation/logger.ts';
import { pullRequestOf } from '../history/commit.ts';
import { damagedPath, tellDamaged } from '../history/history-file.ts';
import { pastOf } from '../history/past-of.ts';
import { recordsOf } from '../history/record-of.ts';
import type { HistoryRecord } from '../history/record-schema.ts';
import type { RunReport } from '../report/gate-report.ts';
import type { Past } from '../report/past.ts';
import { readFailure } from './failure.ts';
import { readRecords, recordOnBranch, type HistoryBranch } from './history-branch.ts';
import { impatient } from './octokit.ts';
import { GaveUp } from './retry.ts';

export interface HistoryWishes {
  readonly branch: string;
  /** Commits of each gate that are kept. */
  readonly limit: number;
  readonly token: string;
  /** Of this program. */
  readonly version: string;
}

/** What is read of the event that started the workflow. */
interface EventPayload {
  readonly repository?: { readonly default_branch?: string };
  readonly head_commit?: { readonly message?: string } | null;
  readonly pull_request?: { readonly base?: { readonly sha?: string } };
  readonly before?: string;
}

/** Events that judge what a branch has. All others, pull requests above all, read the history and leave it alone. */
const RECORDING = new Set(['push', 'schedule', 'workflow_dispatch', 'repository_dispatch']);

/** Whether a run is one of the default branch as it is. */
export function mayRecord(event: string, ref: string, payload: EventPayload): boolean {
  if (!RECORDING.has(event)) return false;
  // A schedule runs on the default branch alone, and its event may not say which one that is.
  if (event === 'schedule') return true;
  const branch = payload.repository?.default_branch;
  return branch !== undefined && ref === `refs/heads/${branch}`;
}

/**
 * Puts a run of the default branch into the history, and tells what it holds of other commits.
 *
 * Best effort, as all that is published: whatever GitHub refuses becomes one warning. It never throws.
 */
export async function keepHistory(
  report: RunReport,
  wishes: HistoryWishes,
  logger: Logger,
): Promise<Past | undefined> {
  // A report without gates has nothing to keep and nothing to compare.
  if (report.gates.length === 0) return undefined;
  try {
    // Imported only here: it reads the environment and the event file as it loads, and throws on a broken one.
    const { context, getOctokit } = await import('@actions/github');
    const payload = context.payload as EventPayload;
    const history = {
      octokit: impatient(getOctokit(wishes.token)),
      repository: context.repo,
      branch: wishes.branch,
    };
    if (wishes.branch === payload.repository?.default_branch) {
      logger.warning(
        `The history was not written: "history-branch" is "${wishes.branch}", the default branch. Name a branch of its own, such as fusion-gate.`,
      );
      return undefined;
    }
    const { owner, repo } = context.repo;
    const page = { repository: `${context.serverUrl}/${owner}/${repo}`, version: wishes.version };
    const message = payload.head_commit?.message ?? '';
    const commit = { sha: context.sha, ref: context.ref, pullRequest: pullRequestOf(message) };
    const records = mayRecord(context.eventName, context.ref, payload)
      ? await record(history, recordsOf(report, commit, new Date()), wishes.limit, page, logger)
      : await readRecords(history);
    return pastOf(records, context.sha, payload.pull_request?.base?.sha ?? payload.before);
  } catch (error) {
    const why = describe(error, wishes.branch);
    logger.warning(
      `The history was not kept: ${wishes.token === '' ? why : why.replaceAll(wishes.token, '***')}`,
    );
    return undefined;
  }
}

async function record(
  history: HistoryBranch,
  records: readonly HistoryRecord[],
  limit: number,
  page: { readonly repository: string; readonly version: string },
  logger: Logger,
): Promise<readonly HistoryRecord[]> {
  const kept = await recordOnBranch(history, records, { limit, page });
  for (const { path, lines } of kept.damaged) {
    const damage = tellDamaged(lines, `${history.branch}:${path}`, `${history.branch}:${damagedPath(path)}`);
    if (damage !== undefined) logger.warning(damage);
  }
  const what = kept.files.size === 0 ? 'has the same of this commit already' : 'has this commit now';
  logger.info(`The history on the branch "${history.branch}" ${what}.`);
  return kept.records;
}

/** What stood in the way, and what mends it. */
function describe(error: unknown, branch: string): string {
  const { status, message, rateLimited, unreachable } =
    error instanceof GaveUp ? error.failure : readFailure(error);
  const said = status === undefined || unreachable ? message : `${status}: ${message}`;
  if (rateLimited) return `GitHub limits how often this token may ask (${said}); run the job again later.`;
  if (status === 403 || status === 404) {
    return `the token may not use the contents of the repository (${said}); give the job \`permissions: { contents: write }\`, or \`read\` where it only reads.`;
  }
  if (status === 409)
    return `GitHub found a conflict on the branch "${branch}" (${said}); run the job again.`;
  return `${said}.`;
}
