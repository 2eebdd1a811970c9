import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crc32 } from 'node:zlib';

import { renderNote } from '../../src/github/relay-note.ts';
import { reportOf, SAMPLE_GATE } from '../github/sample-report.ts';
import { pullRequestEvent, setScene, warningsOf } from './action-scene.ts';
import { ArtefactService } from './artefact-service.ts';
import type { Head } from './stand-in.ts';
import { TOKENS } from './stand-in.ts';

const scene = setScene({ index: 'src/action.ts', comment: 'src/comment-action.ts' });
const RUN = 'https://github.com/octo-lab/stress-model/actions/runs/77';

let service: ArtefactService;
let fork: Head;
beforeEach(async () => {
  service = await ArtefactService.start();
  fork = await scene.github.openFork();
  const { answers } = scene.github.proxy;
  answers.set('actions/list-workflow-run-artifacts', () => service.list());
  answers.set('actions/download-artifact', ({ pathValues }) => service.redirect(pathValues.artifact_id));
});
afterEach(() => service.close());

/** The run that the pull request starts: its token may only read. */
const measure = (scores: 'truthful' | 'empty', inputs: Record<string, string> = {}) =>
  scene.run(scores, {
    token: TOKENS.readOnly,
    event: pullRequestEvent(fork),
    environment: service.environment,
    inputs,
  });

/** The run that it starts in turn, in the base repository. */
const post = (head: Partial<Head> = {}) => {
  const { sha, branch, repository } = { ...fork, ...head };
  const run = {
    id: 77,
    html_url: RUN,
    head_sha: sha,
    head_branch: branch,
    head_repository: { full_name: repository, owner: { login: repository.split('/')[0] } },
    pull_requests: [],
  };
  const event = { name: 'workflow_run', payload: { workflow_run: run } };
  return scene.runProgram('comment', { event, inputs: { 'github-token': TOKENS.workflow } });
};

const errorsOf = ({ stdout }: { readonly stdout: string }) =>
  stdout.split('\n').filter((line) => line.startsWith('::error'));

describe('a pull request from a fork', () => {
  it('has verdict, summary and outputs, and its comment from a second workflow', async () => {
    const measured = await measure('empty');

    expect(measured.status).toBe(1);
    expect(warningsOf(measured)).toEqual([]);
    expect(measured.summary).not.toBe('');
    expect(measured.outputs.conclusion).toBe('failure');
    expect(await scene.github.comments(fork.number)).toEqual([]);
    expect(service.artefacts).toHaveLength(1);

    const posted = await post();

    expect(errorsOf(posted)).toEqual([]);
    expect(posted.status).toBe(0);
    const [comment, ...more] = await scene.github.comments(fork.number);
    expect(more).toEqual([]);
    expect(posted.outputs['comment-urls']).toBe(comment.html_url);
    expect(comment.user?.login).toBe('github-actions[bot]');
    expect(comment.body.startsWith('<!-- fusion-gate:comment:stress -->\n')).toBe(true);
    expect(comment.body).toContain(RUN);
    expect(comment.body).toContain('could have changed how');
    // The text itself is that of the job summary, but for the run that is linked to.
    const [headline] = measured.summary.split('\n');
    expect(comment.body.split('\n')[1]).toBe(headline);
    // The blob store is not GitHub: it must not be shown the token.
    expect(service.authorizations).toEqual([]);
  }, 60_000);

  it('has one comment for a group of jobs, and none where it only speaks of failures', async () => {
    await measure('truthful', { comment: 'on-failure' });
    expect(service.artefacts).toEqual([]);
    for (const name of ['audio', 'video']) await measure('truthful', { name, 'comment-group': 'all' });
    expect(service.artefacts).toHaveLength(2);
    await post();

    const [comment, ...more] = await scene.github.comments(fork.number);
    expect(more).toEqual([]);
    expect(comment.body).toContain('fusion-gate:part:audio:success');
    expect(comment.body).toContain('fusion-gate:part:video:success');
  }, 60_000);

  it('is told in one sentence where there is no artefact service', async () => {
    const result = await scene.run('empty', { token: TOKENS.readOnly, event: pullRequestEvent(fork) });

    expect(result.status).toBe(1);
    expect(warningsOf(result)).toHaveLength(1);
    expect(warningsOf(result)[0]).toContain('could not be left for another workflow either');
  });
});

describe('the second workflow trusts nothing', () => {
  const FORM = { name: 'stress', group: undefined, comment: 'always' } as const;
  const note = renderNote(FORM, reportOf(SAMPLE_GATE));
  const leave = (text: string, file?: string) => {
    service.leave('fusion-gate-comment-0123', zipOf(text, file));
  };

  it('but posts a good note', async () => {
    leave(note);
    const { status } = await post();

    expect(status).toBe(0);
    expect(await scene.github.comments(fork.number)).toHaveLength(1);
  });

  it.each([
    [
      'text',
      () => {
        leave('# Hello');
      },
    ],
    [
      'an unknown key',
      () => {
        leave(note.replace('{', '{"pullRequest":1,'));
      },
    ],
    [
      'a number for a name',
      () => {
        leave(note.replace('"name":"stress"', '"name":7'));
      },
    ],
    [
      'no gating metric',
      () => {
        leave(note.replace(/"metrics":\[.*?\](?=,"constantScores")/, '"metrics":[]'));
      },
    ],
    [
      'another file',
      () => {
        leave(note, '../evil.json');
      },
    ],
    [
      'no zip file',
      () => {
        service.leave('fusion-gate-comment-0123', Buffer.from(note));
      },
    ],
    [
      'a file that is too large',
      () => {
        leave(note + ' '.repeat(5 * 2 ** 20));
      },
    ],
  ])('and refuses %s', async (_, make) => {
    make();
    const result = await post();

    expect(result.status).toBe(2);
    expect(errorsOf(result)).toHaveLength(1);
    expect(errorsOf(result)[0]).toContain('holds no comment of fusion-gate');
    expect(await scene.github.comments(fork.number)).toEqual([]);
  });

  it('and makes the text anew, with names as names', async () => {
    const gate = { ...SAMPLE_GATE, name: '<img src=x> @octocat', reason: '[click](https://evil.example)' };
    leave(renderNote({ ...FORM, name: '--> <b>' }, reportOf(gate)));
    await post();

    const [{ body }] = await scene.github.comments(fork.number);
    expect(body).not.toMatch(/<img|<b>|@octocat|\]\(https:\/\/evil/);
  });

  it('and goes nowhere but to the pull request whose head was run', async () => {
    leave(note);
    const result = await post({ sha: 'f'.repeat(40) });

    expect(result.status).toBe(0);
    expect(result.stdout).toContain('is the head of no open pull request');
    expect(await scene.github.comments(fork.number)).toEqual([]);
    expect(await scene.github.comments()).toEqual([]);
  });

  it('and ignores what other tools left', async () => {
    service.leave('coverage', zipOf(note));
    const result = await post();

    expect(result.status).toBe(0);
    expect(result.stdout).toContain('the run left no comment');
  });
});

it('says which event it is for', async () => {
  const result = await scene.runProgram('comment', { inputs: { 'github-token': TOKENS.workflow } });

  expect(result.status).toBe(2);
  expect(errorsOf(result)).toHaveLength(1);
  expect(errorsOf(result)[0]).toContain('on: workflow_run');
});

it('says which permission it lacks', async () => {
  const operation = 'actions/list-workflow-run-artifacts';
  scene.github.proxy.fail({ operation, status: 403, times: 1, message: 'Resource not accessible' });
  const result = await post();

  expect(result.status).toBe(2);
  expect(errorsOf(result)).toHaveLength(1);
  expect(errorsOf(result)[0]).toContain('actions: read');
});

/** A zip file with one stored file, by the letter of the format (APPNOTE 4.3). */
function zipOf(text: string, file = 'fusion-gate-comment.json'): Buffer {
  const [name, content] = [file, text].map((value) => Buffer.from(value));
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, content]);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
    common,
    Buffer.alloc(14),
    name,
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
