import type { Logger } from '../foundation/logger.ts';
import { regressionOf, type Regression } from '../history/change-point.ts';
import type { GateTrend } from '../history/trend.ts';
import { terminal } from '../report/escape.ts';
import { ask } from './ask.ts';
import type { HistoryBranch } from './history-branch.ts';
import { issueErrand } from './errands.ts';
import { loginOf } from './identity.ts';
import type { Repository } from './occasion.ts';
import type { Octokit } from './octokit.ts';
import {
  closeIssue,
  createIssue,
  ownIssues,
  updateIssue,
  type IssueText,
  type OwnIssue,
} from './own-issues.ts';
import {
  doubledBody,
  dropMarker,
  mendedBody,
  regressionIssue,
  regressionMarker,
  type TrendPlace,
} from './regression-text.ts';

/** Where issues are looked for and written, and as whom. */
interface Tracker {
  readonly octokit: Octokit;
  readonly repository: Repository;
  readonly login: string;
}

/**
 * Opens an issue for each gate whose gap has dropped, and closes it when the gap is back. Doing it twice is doing it once; of
 * issues that a race has doubled the oldest stays. One that somebody has closed is not opened again for the same drop.
 *
 * @param trends of the gates of this run
 * @param home address of the repository
 * @throws Refused
 */
export async function tellRegressions(
  { octokit, repository, branch }: HistoryBranch,
  trends: readonly GateTrend[],
  home: string,
  logger: Logger,
): Promise<void> {
  const place = { repository: home, branch };
  const errand = issueErrand(repository);
  const tracker = { octokit, repository, login: await ask(errand, () => loginOf(octokit)) };
  // Of all gates at once: most have neither a drop nor an issue.
  const open = await ask(errand, () => openIssues(tracker, '<!-- fusion-gate:regression:'));
  for (const trend of trends) {
    const regression = regressionOf(trend.records);
    const marker = regressionMarker(trend.gate);
    if (regression === undefined && !open.some(({ body }) => body.startsWith(marker))) continue;
    const done = await ask(errand, () =>
      regression === undefined ? close(tracker, trend, place) : tell(tracker, trend, regression, place),
    );
    if (done !== undefined) logger.info(`${terminal(trend.gate)}: ${done}`);
  }
}

/** @returns what was done, for the log; undefined for nothing */
async function tell(
  tracker: Tracker,
  { gate, records }: GateTrend,
  regression: Regression,
  place: TrendPlace,
): Promise<string | undefined> {
  const text = regressionIssue(gate, regression, records, place);
  const marker = dropMarker(gate, regression);
  const oldest = await oneOpen(tracker, gate);
  if (oldest !== undefined) return keepCurrent(tracker, oldest, marker, text);
  if (await wasClosed(tracker, marker, regression)) return undefined;
  const created = await createIssue(tracker.octokit, tracker.repository, text);
  // Two runs that start together may both find none: whoever looks last sees both.
  const kept = await oneOpen(tracker, gate);
  return `the gap has dropped, which is told in ${(kept ?? created).address}.`;
}

/** An issue about an earlier drop, which was made up for while nobody looked, becomes that about this one. */
async function keepCurrent(
  { octokit, repository }: Tracker,
  issue: OwnIssue,
  marker: string,
  text: IssueText,
): Promise<string> {
  if (!issue.body.startsWith(marker)) await updateIssue(octokit, repository, issue, text);
  return `the gap is still down, as told in ${issue.address}.`;
}

async function close(
  tracker: Tracker,
  { gate, records }: GateTrend,
  place: TrendPlace,
): Promise<string | undefined> {
  const oldest = await oneOpen(tracker, gate);
  if (oldest === undefined) return undefined;
  const body = mendedBody(oldest.body, records.at(-1)!, place);
  await closeIssue(tracker.octokit, tracker.repository, oldest, body, 'completed');
  return `the gap is back; ${oldest.address} is closed.`;
}

/** The one open issue of a gate, if any: the oldest. Others are closed. */
async function oneOpen(tracker: Tracker, gate: string): Promise<OwnIssue | undefined> {
  const open = await openIssues(tracker, regressionMarker(gate));
  const oldest = open.at(0);
  if (oldest === undefined) return undefined;
  for (const other of open.slice(1)) {
    const body = doubledBody(other.body, oldest.number);
    await closeIssue(tracker.octokit, tracker.repository, other, body, 'not_planned');
  }
  return oldest;
}

function openIssues({ octokit, repository, login }: Tracker, marker: string): Promise<OwnIssue[]> {
  return ownIssues(octokit, repository, login, { marker, state: 'open' });
}

/** An issue about a drop is younger than the record of it. */
async function wasClosed(
  { octokit, repository, login }: Tracker,
  marker: string,
  { since }: Regression,
): Promise<boolean> {
  const closed = await ownIssues(octokit, repository, login, { marker, state: 'closed', since: since.time });
  return closed.length > 0;
}
