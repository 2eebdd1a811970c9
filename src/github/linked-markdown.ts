import type { RunReport } from '../report/gate-report.ts';
import { renderMarkdown } from '../report/markdown.ts';
import type { Past } from '../report/past.ts';

/** The address of the workflow run; undefined outside of one. */
export function addressOfRun(): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}

/** What stands around a report on GitHub. */
export interface Surroundings {
  /** What earlier runs found, where a history is kept. */
  readonly past?: Past;
  /** Of the run that made the report. */
  readonly address?: string;
  /** Of the report where it was uploaded. */
  readonly report?: string;
}

/** The report with links to the run that made it, and to what that run uploaded. */
export function linkedMarkdown(
  report: RunReport,
  limit: number,
  { past, address: run = addressOfRun(), report: uploaded }: Surroundings = {},
): string {
  return renderMarkdown(report, { limit, past, links: { run, report: uploaded } });
}
