import seedrandom from 'seedrandom';
import { expect, it } from 'vitest';

import { readRecords, recordOnBranch } from '../../src/github/history-branch.ts';
import { sampleRecord, shaOf } from '../history/sample-record.ts';
import { memoryGit } from './memory-git.ts';

const WRITERS = 200;

it(`loses nothing among ${WRITERS} writers where one request in a hundred fails`, async () => {
  const octokit = memoryGit({ random: seedrandom('weather'), failures: 0.01 });
  const branch = { octokit, repository: { owner: 'mona', repo: 'stress' }, branch: 'fusion-gate' };
  const page = { version: '1.2.3' };
  const write = async (n: number): Promise<void> => {
    const pacing = {
      pause: (milliseconds: number) =>
        new Promise<void>((resolve) => {
          setTimeout(resolve, milliseconds / 10);
        }),
      random: seedrandom(`writer ${n}`),
    };
    // A job that GitHub fails three times in a row gives up; the next run of the job does it again.
    for (;;) {
      try {
        await recordOnBranch(branch, [sampleRecord(n)], { limit: 1000, page, pacing });
        return;
      } catch (error) {
        expect((error as Error).name).toBe('GaveUp');
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, n) => write(n)));

  const quiet = await readRecords(branch).catch(() => readRecords(branch));
  expect(quiet.map(({ sha }) => sha).toSorted()).toEqual(
    Array.from({ length: WRITERS }, (_, n) => shaOf(n)).toSorted(),
  );
}, 300_000);
