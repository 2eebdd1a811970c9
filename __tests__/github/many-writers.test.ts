import seedrandom from 'seedrandom';
import { expect, it } from 'vitest';

import { readRecords, recordOnBranch } from '../../src/github/history-branch.ts';
import { sampleRecord, shaOf } from '../history/sample-record.ts';
import { memoryGit } from './memory-git.ts';
import { startClock } from './virtual-clock.ts';

const WRITERS = 200;

it(`loses nothing among ${WRITERS} writers where one request in a hundred fails`, async () => {
  const clock = startClock();
  const octokit = memoryGit({ random: seedrandom('weather'), failures: 0.01, pause: clock.pause });
  const branch = { octokit, repository: { owner: 'mona', repo: 'stress' }, branch: 'fusion-gate' };
  const write = async (n: number): Promise<void> => {
    const pacing = { pause: clock.pause, random: seedrandom(`writer ${n}`) };
    const wishes = { limit: 1000, page: { version: '1.2.3' }, pacing };
    await recordOnBranch(branch, [sampleRecord(n)], wishes);
  };
  await clock.run(Promise.all(Array.from({ length: WRITERS }, (_, n) => write(n))));

  const records = await clock.run(readRecords(branch));
  expect(records.map(({ sha }) => sha).toSorted()).toEqual(
    Array.from({ length: WRITERS }, (_, n) => shaOf(n)).toSorted(),
  );
}, 300_000);
