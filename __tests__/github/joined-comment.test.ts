import { getOctokit } from '@actions/github';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { MAX_COMMENT_LENGTH } from '../../src/github/comment-marker.ts';
import { allPass, joinedBody, type Part, partsOf, withPart } from '../../src/github/joined-body.ts';
import { type JoinedComment, putPart } from '../../src/github/joined-comment.ts';
import type { StandIn } from '../e2e/stand-in.ts';
import { OWNER, REPO, startStandIn, TOKENS } from '../e2e/stand-in.ts';

const [COMMIT, LATER] = ['a', 'b'].map((digit) => digit.repeat(40));
const passed = (markdown: string, commit = COMMIT): Part => ({ conclusion: 'success', commit, markdown });

describe('the body of a joined comment', () => {
  it.each(['stress', '-->', 'a:success', 'ä 音', 'a\nb', ''])('gives back the part of %j', (name) => {
    const parts = withPart('g', new Map(), name, {
      conclusion: 'failure',
      commit: COMMIT,
      render: () => '### Failed\n\nText.',
    });
    const [[key, part], ...more] = partsOf(joinedBody('g', parts));

    expect(more).toEqual([]);
    expect(part).toEqual(parts.get(key));
    expect(part.markdown).toMatch(/^## <code>.*\n\n### Failed\n\nText\.$/);
  });

  it('does not depend on who wrote last', () => {
    const [a, b] = [passed('A'), passed('B')];
    const one = new Map(Object.entries({ a, b }));
    const other = new Map(Object.entries({ b, a }));

    expect(joinedBody('g', one)).toBe(joinedBody('g', other));
  });

  it('survives line ends of another system', () => {
    const body = joinedBody('g', new Map([['a', passed('One\n\nTwo')]]));

    expect(partsOf(body.replaceAll('\n', '\r\n'))).toEqual(partsOf(body));
  });

  it('holds the headline of each of 200 long parts', () => {
    let parts = new Map<string, Part>();
    for (let i = 0; i < 200; i++) {
      parts = withPart('g', parts, `job ${i}`, {
        conclusion: 'success',
        commit: COMMIT,
        render: (limit) => `### Answer ${i}\n\n${'x'.repeat(50_000)}`.slice(0, limit),
      });
    }
    const body = joinedBody('g', parts);

    expect(body.length).toBeLessThanOrEqual(MAX_COMMENT_LENGTH);
    for (let i = 0; i < 200; i++) expect(body).toContain(`### Answer ${i}\n`);
  });

  it('says of which commit each part is, where they are not of one', () => {
    const parts = new Map(
      Object.entries({ a: passed('## a\n\nOld', COMMIT), b: passed('## b\n\nNew', LATER) }),
    );
    const body = joinedBody('g', parts);

    expect(body).toContain('## a\n\n<sub>Measured at aaaaaaa.</sub>\n\nOld');
    expect(body).toContain('## b\n\n<sub>Measured at bbbbbbb.</sub>\n\nNew');
    expect(partsOf(body)).toEqual(parts);
    const again = withPart('g', partsOf(body), 'a', {
      conclusion: 'success',
      commit: LATER,
      render: () => 'Old',
    });
    expect(joinedBody('g', again)).not.toContain('Measured at');
  });

  it('passes where all its parts do', () => {
    const failed: Part = { conclusion: 'failure', commit: COMMIT, markdown: '' };

    expect(allPass(new Map([['a', passed('')]]))).toBe(true);
    expect(allPass(new Map(Object.entries({ a: passed(''), b: failed })))).toBe(false);
  });
});

describe('putPart', () => {
  let github: StandIn;
  beforeEach(async () => {
    github = await startStandIn();
  });
  afterEach(async () => {
    await github.close();
    expect(github.proxy.violations).toEqual([]);
  });

  /** A job whose pauses are short. */
  const put = (
    name: string,
    wishes: Partial<JoinedComment> = {},
    pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds / 10)),
  ) =>
    putPart(
      getOctokit(TOKENS.workflow, { baseUrl: github.apiUrl }),
      {
        pullRequest: { owner: OWNER, repo: REPO, number: github.pullRequest },
        group: 'matrix',
        name,
        conclusion: 'success',
        commit: COMMIT,
        render: () => `### Of ${name}`,
        create: true,
        ...wishes,
      },
      pause,
    );
  it('repairs what a slow job undoes after all seemed well', async () => {
    let pauses = 0;
    await put('audio', {}, async () => {
      // It had read before there was a comment, and writes once ours has been found in its place.
      if (++pauses !== 2) return;
      const [{ id }] = await github.comments();
      await github.editComment(id, joinedBody('matrix', new Map([['late', passed('### Of late')]])));
    });

    expect((await names()).toSorted()).toEqual(['audio', 'late']);
  });

  const names = async () => {
    const comments = await github.comments();
    expect(comments).toHaveLength(1);
    return [...partsOf(comments[0].body).keys()];
  };

  it('loses no part of eight jobs that write at once, and leaves one comment', async () => {
    const jobs = Array.from({ length: 8 }, (_, i) => `job-${i}`);
    await Promise.all(jobs.map((name) => put(name)));

    expect(await names()).toEqual(jobs);
  });

  it('updates its own part and leaves the others as they are', async () => {
    await put('a');
    await put('b');
    const written = await put('a', { conclusion: 'failure', render: () => '### Worse' });

    expect(written?.parts.get('a')).toMatchObject({ conclusion: 'failure' });
    expect(written?.parts.get('b')).toMatchObject({ conclusion: 'success' });
    expect((await github.comments())[0].body).toContain('### Worse');
  });

  it('puts back a part that another job has overwritten', async () => {
    await put('a');
    const [{ id, body }] = await github.comments();
    // Another job that had read before: its write knows nothing of b.
    let isUndone = false;
    const job = put('b');
    const undo = setInterval(() => {
      if (isUndone) return;
      void github.comments().then(async ([comment]) => {
        if (isUndone || !partsOf(comment.body).has('b')) return;
        isUndone = true;
        await github.editComment(id, body);
      });
    }, 10);
    await job;
    clearInterval(undo);

    expect(isUndone).toBe(true);
    expect(await names()).toEqual(['a', 'b']);
  });

  it('joins comments that were doubled in the oldest', async () => {
    const part = (name: string) => new Map([[name, passed(`Of ${name}`)]]);
    await github.commentAs('workflow', joinedBody('matrix', part('a')));
    await github.commentAs('workflow', joinedBody('matrix', part('b')));
    await put('c');

    expect(await names()).toEqual(['a', 'b', 'c']);
  });

  it('creates none where it is only to update', async () => {
    expect(await put('a', { create: false })).toBeUndefined();
    expect(await github.comments()).toEqual([]);
  });
});
