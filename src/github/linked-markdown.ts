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
}

/** The report with a link back to the run that made it. */
export function linkedMarkdown(
  report: RunReport,
  limit: number,
  { past, address = addressOfRun() }: Surroundings = {},
): string {
  return renderMarkdown(report, { limit, past, ...(address !== undefined && { links: { run: address } }) });
}
