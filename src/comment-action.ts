import * as core from '@actions/core';

import { errorSentence } from './foundation/error-sentence.ts';
import { catchCrashes, exitWhenPrinted, ignoreClosedPipes } from './foundation/exit.ts';
import { actionsLogger as logger } from './github/actions-logger.ts';
import { Refused } from './github/ask.ts';
import { postNotes } from './github/post-notes.ts';
import { parseHistoryBranch } from './history/history-branch-name.ts';

/** @returns the exit status: 2 where something that was left could not be posted */
async function run(): Promise<number> {
  const branch = core.getInput('history-branch');
  const wishes = {
    token: core.getInput('github-token'),
    historyBranch: branch === '' ? undefined : parseHistoryBranch(branch, 'with: history-branch'),
  };
  const { addresses, unread } = await postNotes(wishes, logger);
  core.setOutput('comment-urls', addresses.join('\n'));
  return unread === 0 ? 0 : 2;
}

function fail(error: unknown): number {
  const token = core.getInput('github-token');
  const sentence = error instanceof Refused ? `Nothing was posted: ${error.message}` : errorSentence(error);
  logger.error(token === '' ? sentence : sentence.replaceAll(token, '***'));
  return 2;
}

ignoreClosedPipes();
catchCrashes(fail);
exitWhenPrinted(await run().catch(fail));
