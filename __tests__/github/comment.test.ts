import { getOctokit } from '@actions/github';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { StickyComment } from '../../src/github/comment.ts';
import { putComment } from '../../src/github/comment.ts';
import { commentMarker, commentRoom, MAX_COMMENT_LENGTH } from '../../src/github/comment-marker.ts';
import type { StandIn } from '../e2e/stand-in.ts';
import { OWNER, REPO, startStandIn, TOKENS } from '../e2e/stand-in.ts';

describe('commentMarker', () => {
  it('keeps plain names readable', () => {
    expect(commentMarker('stress-avp_2.1')).toBe('<!-- fusion-gate:comment:stress-avp_2.1 -->');
  });

  it.each(['-->', '--!>', 'a --> <img src=x>', '--', '---', '-', '>', '->', '\ud800', 'ä 音', 'a\nb', ''])(
    'cannot be ended by the name %j',
    (name) => {
      const inside = /^<!--(.*)-->$/.exec(commentMarker(name))![1];

      // The HTML standard on comments, https://html.spec.whatwg.org/#comments.
      expect(inside).not.toMatch(/--|[<>\n]/);
      expect(inside).not.toMatch(/^-?>|-$/);
    },
  );

  it('differs wherever names differ', () => {
    const names = ['a', 'a-', 'a--', 'a%2D%2D', 'a b', 'a%20b', 'A', 'ä', ''];

    expect(new Set(names.map(commentMarker)).size).toBe(names.length);
  });

  it('leaves room for the rest of the comment', () => {
    for (const name of ['a', '音'.repeat(100)]) {
      expect(`${commentMarker(name)}\n${'x'.repeat(commentRoom(name))}`).toHaveLength(MAX_COMMENT_LENGTH);
    }
  });
});

describe('putComment', () => {
  let github: StandIn;

  beforeEach(async () => {
    github = await startStandIn();
  });

  afterEach(async () => {
    await github.close();
    expect(github.proxy.violations).toEqual([]);
  });

  const put = async (
    wishes: Partial<StickyComment> = {},
    who: keyof typeof TOKENS = 'workflow',
    on = github,
  ) => {
    const written = await putComment(getOctokit(TOKENS[who], { baseUrl: on.apiUrl }), {
      pullRequest: { owner: OWNER, repo: REPO, number: on.pullRequest },
      name: 'stress',
      markdown: 'First.',
      create: true,
      ...wishes,
    });
    return written?.address;
  };

  const operations = () => github.proxy.requests.map(({ operation, path }) => operation ?? path);
  const bodies = async () => (await github.comments()).map(({ body }) => body.split('\n')[1]);

  it('asks who it is only when there is a comment that might be its own', async () => {
    const address = await put();

    // Looked for once more behind, lest another run wrote one at the same time.
    expect(operations().filter((operation) => operation !== '/graphql')).toEqual([
      'issues/list-comments',
      'issues/create-comment',
      'issues/list-comments',
    ]);
    expect(operations()[1]).toBe('issues/create-comment');
    expect(address).toBe((await github.comments())[0].html_url);
  });

  it.each(['workflow', 'app', 'personal'] as const)(
    'updates its own comment with a token of kind %s',
    async (who) => {
      const address = await put({}, who);

      expect(await put({ markdown: 'Second.' }, who)).toBe(address);
      expect(await bodies()).toEqual(['Second.']);
    },
  );

  // The one is named by GET /user; the other may not ask it, and is the workflow's bot.
  it.each(['personal', 'workflow'] as const)(
    'finds its comment without GraphQL, with a %s token',
    async (who) => {
      const enterprise = await startStandIn({ prefix: '/api/v3', hasGraphql: false });
      try {
        await put({}, who, enterprise);
        await put({ markdown: 'Second.' }, who, enterprise);
        expect(await enterprise.comments()).toHaveLength(1);
        expect(enterprise.proxy.violations).toEqual([]);
      } finally {
        await enterprise.close();
      }
    },
  );

  it('keeps comments of two names apart, even where one name begins with the other', async () => {
    await put({ name: 'stress' });
    await put({ name: 'stress-avp', markdown: 'Other.' });
    await put({ name: 'stress', markdown: 'Second.' });

    expect(await bodies()).toEqual(['Second.', 'Other.']);
  });

  it('does not take a comment that quotes the marker for its own', async () => {
    await github.commentAs('workflow', `> ${commentMarker('stress')}\nI quote.`);
    await put();

    expect(await bodies()).toEqual(['I quote.', 'First.']);
  });

  it("writes a second comment where the first is another token's", async () => {
    await put({}, 'workflow');
    await put({ markdown: 'Second.' }, 'app');

    expect(await bodies()).toEqual(['First.', 'Second.']);
  });

  it('keeps the oldest of several, and removes the others', async () => {
    const marker = commentMarker('stress');
    const oldest = await github.commentAs('workflow', `${marker}\nOne run.`);
    await github.commentAs('workflow', `${marker}\nAnother.`);
    await github.commentAs('stranger', `${marker}\nA copy.`);
    const address = await put({ markdown: 'Second.' });

    expect(address).toBe(oldest.html_url);
    expect(await bodies()).toEqual(['Second.', 'A copy.']);
  });

  it('leaves one comment, whichever of two runs that start together writes first', async () => {
    for (let i = 0; i < 5; i++) {
      const name = `race-${i}`;
      await Promise.all([put({ name, markdown: 'One.' }), put({ name, markdown: 'Other.' })]);
    }

    expect(await github.comments()).toHaveLength(5);
  });

  it('writes anew where the comment is deleted between finding and updating it', async () => {
    const earlier = await github.commentAs('workflow', `${commentMarker('stress')}\nEarlier.`);
    const gone = { status: 404, headers: {}, body: { message: 'Not Found', documentation_url: '' } };
    github.proxy.answers.set('issues/update-comment', async () => {
      await github.deleteComment(earlier.id);
      return gone;
    });
    await put({ markdown: 'Second.' });

    expect(await bodies()).toEqual(['Second.']);
  });

  it('creates none where it is only to update', async () => {
    expect(await put({ create: false })).toBeUndefined();
    expect(await github.comments()).toEqual([]);
  });

  it('does not guess who it is while GitHub fails', async () => {
    await put();
    github.proxy.fail({ operation: 'graphql', status: 502, times: 1 });

    await expect(put({ markdown: 'Second.' }, 'app')).rejects.toMatchObject({ status: 502 });
    expect(await bodies()).toEqual(['First.']);
  });

  it('is accepted at its greatest length, and not a character beyond', async () => {
    await put({ markdown: 'x'.repeat(commentRoom('stress')) });
    expect(await github.comments()).toHaveLength(1);

    await expect(put({ markdown: 'x'.repeat(commentRoom('stress') + 1) })).rejects.toMatchObject({
      status: 422,
    });
  });
});
