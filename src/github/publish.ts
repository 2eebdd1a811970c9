import * as core from '@actions/core';

import type { Logger } from '../foundation/logger.ts';
import type { RunReport } from '../report/gate-report.ts';
import { bestEffort } from './best-effort.ts';
import { MAX_SUMMARY_LENGTH, writeJobSummary } from './job-summary.ts';
import { outputsOf } from './outputs.ts';
import { type CommentWishes, publishComment } from './publish-comment.ts';
import { linkedMarkdown } from './linked-markdown.ts';

/** How the user wants a report published. */
export interface Wishes extends CommentWishes {
  /** Where the report file lies, as later steps should read it. */
  readonly reportPath: string;
}

/**
 * Publishes a report in a workflow run: outputs, job summary, then the pull request comment.
 *
 * Best effort: whatever GitHub refuses becomes one warning that says what is missing. It never throws and decides
 * nothing: the verdict is the report's alone. Writing the report file is left to the door, before this.
 */
export async function publish(report: RunReport, wishes: Wishes, logger: Logger): Promise<void> {
  const attempt = (what: string, work: () => void | Promise<void>) =>
    bestEffort(what, work, wishes.token, logger);
  await attempt('The outputs were not set', () => {
    setOutputs(outputsOf(report, wishes.reportPath));
  });
  await attempt('The job summary was not written', () =>
    writeJobSummary(linkedMarkdown(report, MAX_SUMMARY_LENGTH, { past: wishes.past }), logger),
  );
  if (wishes.comment === 'never') return;
  await attempt('The pull request comment was not written', async () => {
    const address = await publishComment(report, wishes, logger);
    if (address !== undefined) setOutputs({ 'comment-url': address });
  });
}

function setOutputs(outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}
