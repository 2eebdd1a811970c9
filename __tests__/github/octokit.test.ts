import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { getOctokit } from '@actions/github';
import { expect, it } from 'vitest';

import { ask } from '../../src/github/ask.ts';
import { lookUpErrand } from '../../src/github/errands.ts';
import { impatient } from '../../src/github/octokit.ts';

it('gives up on a server that never answers, after three tries and in one sentence', async () => {
  let asked = 0;
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  try {
    const baseUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const octokit = impatient(getOctokit('ghs_token', { baseUrl }), 50);
    const errand = lookUpErrand({ owner: 'octo-lab', repo: 'stress-model' });
    const answer = ask(
      errand,
      () => {
        asked++;
        return octokit.rest.users.getAuthenticated();
      },
      () => Promise.resolve(),
    );

    await expect(answer).rejects.toThrow(/^GitHub could not be reached in 3 tries \(.*timeout.*\)\.$/);
    expect(asked).toBe(3);
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
});
