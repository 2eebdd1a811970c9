import type { RunReport } from '../report/gate-report.ts';
import { renderMarkdown } from '../report/markdown.ts';

/** The address of the workflow run; undefined outside of one. */
export function addressOfRun(): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}

/** The report with a link back to the run that made it. */
export function linkedMarkdown(report: RunReport, limit: number, address = addressOfRun()): string {
  return renderMarkdown(report, { limit, ...(address !== undefined && { links: { run: address } }) });
}
