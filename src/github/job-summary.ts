import * as core from '@actions/core';

import type { Logger } from '../foundation/logger.ts';

/** A step's summary may have 1 MiB; GitHub drops a larger one without a word. A UTF-16 unit takes 3 bytes at most. */
export const MAX_SUMMARY_LENGTH = Math.floor(2 ** 20 / 3);

/** Appends to the job summary. Outside a workflow there is none, and @actions/core would throw. */
export async function writeJobSummary(markdown: string, logger: Logger): Promise<void> {
  if ((process.env.GITHUB_STEP_SUMMARY ?? '') === '') {
    logger.info('There is no job summary to write: GITHUB_STEP_SUMMARY is not set.');
    return;
  }
  await core.summary.addRaw(markdown, true).write();
}
