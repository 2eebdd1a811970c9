import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { newRepository } from '../baseline/repository.ts';
import { setScene, warningsOf } from './action-scene.ts';
import type { ActionRun } from './run-action.ts';
import { OWNER, REPO } from './stand-in.ts';

const scene = setScene();
let good = '';
let base = '';

beforeAll(() => {
  good = readFileSync(join(scene.workspace, 'eval.csv'), 'utf8');
});
beforeEach(() => {
  writeFileSync(join(scene.workspace, 'eval.csv'), good);
  rmSync(join(scene.workspace, '.git'), { recursive: true, force: true });
  base = newRepository(scene.workspace).commit({});
});

/** From now on the scores name the wrong modality on every fifth pair of rows. */
function spoilScores(): void {
  const [head, ...rows] = good.trimEnd().split('\n');
  const spoilt = rows.map((row, i) => {
    const cells = row.split(',');
    if ((i >> 1) % 5 === 0) [cells[3], cells[4]] = [cells[4], cells[3]];
    return cells.join();
  });
  writeFileSync(join(scene.workspace, 'eval.csv'), [head, ...spoilt, ''].join('\n'));
}

/** A pull request onto `sha` of main. */
function onto(sha: string): Partial<ActionRun> {
  const { number, branch, repository } = scene.github.head;
  const pull = {
    number,
    head: { sha: scene.github.head.sha, ref: branch, repo: { full_name: repository } },
    base: { sha, ref: 'main', repo: { full_name: `${OWNER}/${REPO}` } },
  };
  return { event: { name: 'pull_request', payload: { pull_request: pull } } };
}
const failing = { base: 'auto', 'fail-on-regression': 'true', 'regression-threshold': '0.05' };

describe('against the base of a pull request', () => {
  it('fails where shuffling costs less than it did, and shows both side by side', async () => {
    spoilScores();
    const result = await scene.run('truthful', { ...onto(base), inputs: failing });

    expect(result.status).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'quality-aware' });
    const [{ body }] = await scene.github.comments();
    expect(body).toContain('the reliability scores matter less than they did at the base');
    expect(body).toMatch(new RegExp(`base, <code>main at ${base.slice(0, 7)}</code>`));
    expect(body).toMatch(/\| change \| \| .* \*\*−0\.\d{4}\*\*<br><sub>\[−0\.\d{4},\u00a0−0\.\d{4}\]/);
  });

  it('passes the same where no more than half of the accuracy may be lost', async () => {
    spoilScores();
    const inputs = { ...failing, 'regression-threshold': '0.5' };
    const result = await scene.run('truthful', { ...onto(base), inputs });

    expect(result.status).toBe(0);
    expect((await scene.github.comments())[0].body).toContain(`main at ${base.slice(0, 7)}`);
  });

  it('judges once what is as it was', async () => {
    const result = await scene.run('truthful', { ...onto(base), inputs: failing });

    expect(result.status).toBe(0);
    expect(result.stdout).not.toContain('is judged at the base');
    expect((await scene.github.comments())[0].body).toContain('are those of the base');
  });

  it('finds the base of a merge queue and of a push', async () => {
    spoilScores();
    const group = { base_sha: base, base_ref: 'refs/heads/main', head_sha: scene.github.head.sha };
    const events = [
      { name: 'merge_group', payload: { merge_group: group } },
      { name: 'push', payload: { before: base, ref: 'refs/heads/main' } },
    ];
    for (const event of events) {
      const result = await scene.run('truthful', { event, inputs: { ...failing, comment: 'never' } });
      expect(result.status).toBe(1);
      expect(result.summary).toContain(`main at ${base.slice(0, 7)}`);
    }
  });
});

describe('says aloud that there is no baseline, and judges all the same', () => {
  const missing = 'f'.repeat(40);

  it('where the checkout has not got the commit', async () => {
    const result = await scene.run('truthful', { ...onto(missing), inputs: failing });

    expect(result.status).toBe(0);
    expect(warningsOf(result).join()).toContain('fetch-depth: 0');
    expect((await scene.github.comments())[0].body).toContain('fetch-depth: 0');
  });

  it('where there is no repository', async () => {
    rmSync(join(scene.workspace, '.git'), { recursive: true });
    const result = await scene.run('truthful', { ...onto(base), inputs: failing });

    expect(result.status).toBe(0);
    expect(warningsOf(result)).toHaveLength(1);
  });
});
