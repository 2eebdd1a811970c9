import type { Logger } from '../foundation/logger.ts';
import { pullRequestOf } from '../history/commit.ts';
import { damagedPath, tellDamaged } from '../history/history-file.ts';
import { pastOf } from '../history/past-of.ts';
import { recordsOf } from '../history/record-of.ts';
import type { HistoryRecord } from '../history/record-schema.ts';
import { trendsOf } from '../history/trend.ts';
import type { RunReport } from '../report/gate-report.ts';
import type { Past } from '../report/past.ts';
import { Refused } from './ask.ts';
import { bestEffort, reasonOf } from './best-effort.ts';
import { historyErrand } from './errands.ts';
import { describeFailure, readFailure } from './failure.ts';
import { LostRace } from './git-data.ts';
import { readRecords, recordOnBranch, type HistoryBranch } from './history-branch.ts';
import { connect } from './octokit.ts';
import { GaveUp } from './retry.ts';
import { tellRegressions } from './tell-regressions.ts';

export interface HistoryWishes {
  readonly branch: string;
  /** Commits of each gate that are kept. */
  readonly limit: number;
  /** Whether an issue tells of a gap that has dropped. */
  readonly issueOnRegression: boolean;
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
  const { branch, token } = wishes;
  let done = 'read';
  try {
    const { octokit, repository, payload: event } = await connect(token);
    // Imported only here: it reads the environment and the event file as it loads, and throws on a broken one.
    const { context } = await import('@actions/github');
    const payload = event as EventPayload;
    if (branch === payload.repository?.default_branch) {
      logger.warning(
        `The history was not written: "history-branch" is "${branch}", the default branch. Name a branch of its own, such as fusion-gate.`,
      );
      return undefined;
    }
    const history = { octokit, repository, branch };
    const { owner, repo } = repository;
    const page = { repository: `${context.serverUrl}/${owner}/${repo}`, version: wishes.version };
    const message = payload.head_commit?.message ?? '';
    const commit = { sha: context.sha, ref: context.ref, pullRequest: pullRequestOf(message) };
    const isRecording = mayRecord(context.eventName, context.ref, payload);
    done = isRecording ? 'kept' : done;
    const records = await told(history, isRecording ? 'write' : 'read', () =>
      isRecording
        ? record(history, recordsOf(report, commit, new Date()), wishes.limit, page, logger)
        : readRecords(history),
    );
    if (isRecording && wishes.issueOnRegression) {
      const own = records.filter(({ gate }) => report.gates.some(({ name }) => name === gate));
      const tell = () => tellRegressions(history, trendsOf(own), page.repository, logger);
      await bestEffort('No issue could be opened or closed', tell, token, logger);
    }
    return pastOf(records, context.sha, payload.pull_request?.base?.sha ?? payload.before);
  } catch (error) {
    logger.warning(`The history was not ${done}: ${reasonOf(error, token)}`);
    return undefined;
  }
}

/** Every record on the branch of the history, for a base that cannot be judged; none, with a warning, where they cannot be read. */
export async function readHistory(
  branch: string,
  token: string,
  logger: Logger,
): Promise<readonly HistoryRecord[]> {
  try {
    const { octokit, repository } = await connect(token);
    const history = { octokit, repository, branch };
    return await told(history, 'read', () => readRecords(history));
  } catch (error) {
    logger.warning(`The history was not read: ${reasonOf(error, token)}`);
    return [];
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

/**
 * Does what a history asks of GitHub.
 *
 * @throws Refused
 */
async function told<T>(
  { repository, branch }: HistoryBranch,
  deed: 'read' | 'write',
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LostRace) {
      throw new Refused(
        `other runs were faster to write to the branch "${branch}" every time (${error.message}); run the job again.`,
      );
    }
    const { failure, tries } = error instanceof GaveUp ? error : { failure: readFailure(error), tries: 1 };
    throw new Refused(describeFailure(failure, historyErrand(repository, deed), tries), failure);
  }
}
